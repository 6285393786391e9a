// SPDX-License-Identifier: Apache-2.0
//
// The connections of a server, as their parsers: what each waits for, the parser knows.
'use strict';

class ConnectionsList {
  #parsers = new Set();

  add(parser) {
    this.#parsers.add(parser);
    parser.connections = this;
  }

  remove(parser) {
    this.#parsers.delete(parser);
  }

  all() {
    return [...this.#parsers];
  }

  // Those with no request under way.
  idle() {
    return this.all().filter((parser) => parser.duration() === 0);
  }

  // Those whose head, or whole request, takes longer than it may; 0 is no limit. They are not named again.
  expired(headersTimeout, requestTimeout) {
    if (requestTimeout > 0 && headersTimeout > requestTimeout) {
      [headersTimeout, requestTimeout] = [requestTimeout, headersTimeout];
    }
    const late = this.all().filter((parser) => {
      const duration = parser.duration();
      if (requestTimeout > 0 && duration > requestTimeout) return true;
      return headersTimeout > 0 && duration > headersTimeout && !parser.headersCompleted();
    });
    for (const parser of late) this.#parsers.delete(parser);
    return late;
  }
}

module.exports = { ConnectionsList };
