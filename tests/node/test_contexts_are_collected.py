# SPDX-License-Identifier: Apache-2.0
"""A context of `vm` goes with its sandbox, although each holds the other."""

from node_support import run_edgejs

__all__ = ["run_edgejs"]

SCRIPT = """
const vm = require('vm');
let collected = 0;
const registry = new FinalizationRegistry(() => collected++);
for (let i = 0; i < 50; i++) {
  const sandbox = vm.createContext({ i }, i % 2 ? { microtaskMode: 'afterEvaluate' } : {});
  sandbox.self = sandbox;
  registry.register(sandbox);
  const options = { importModuleDynamically: () => sandbox };
  new vm.Script('var f = () => i; Promise.resolve().then(f); self.f = f', options).runInContext(sandbox);
  if (i % 2) vm.runInContext('new Promise((resolve) => { self.resolve = resolve }).then(f)', sandbox).then(() => {});
  if (i % 2) sandbox.resolve();
}
setImmediate(() => { gc(); setImmediate(() => console.log(collected, registry)); });
"""


def test_contexts_are_collected(run_edgejs):
    collected = int(run_edgejs(SCRIPT, env={"NODE_OPTIONS": "--expose-gc"}).stdout.split()[0])
    assert collected >= 49  # a variable of the loop may hold the last
