// SPDX-License-Identifier: Apache-2.0
//
// Why a test failed: the `failureType` of an ERR_TEST_FAILURE.
'use strict';

const {
  codes: { ERR_TEST_FAILURE },
} = require('internal/errors');

const kCallbackAndPromise = 'callbackAndPromisePresent';
const kCancelledByParent = 'cancelledByParent';
const kExpectedFailure = 'expectedFailure';
const kHookFailure = 'hookFailed';
const kMultipleCallbacks = 'multipleCallbackInvocations';
const kParentAlreadyFinished = 'parentAlreadyFinished';
const kSubtestsFailed = 'subtestsFailed';
const kTestAborted = 'testAborted';
const kTestCodeFailure = 'testCodeFailure';
const kTestTimeout = 'testTimeoutFailure';

// An ERR_TEST_FAILURE whose stack has the user's frames only.
function testFailure(cause, failureType) {
  const error = new ERR_TEST_FAILURE(cause, failureType);
  const lines = error.stack.split('\n');
  error.stack = lines.filter((line) => !/^ {4}at (?:.*\()?(?:node:|native\))/.test(line)).join('\n');
  return error;
}

function isTestFailure(error) {
  return error?.code === 'ERR_TEST_FAILURE' && error.failureType !== undefined;
}

// What a thrown value becomes: an ERR_TEST_FAILURE with it as its cause.
function asTestFailure(thrown, failureType = kTestCodeFailure) {
  return isTestFailure(thrown) ? thrown : testFailure(thrown, failureType);
}

module.exports = {
  asTestFailure,
  isTestFailure,
  kCallbackAndPromise,
  kCancelledByParent,
  kExpectedFailure,
  kHookFailure,
  kMultipleCallbacks,
  kParentAlreadyFinished,
  kSubtestsFailed,
  kTestAborted,
  kTestCodeFailure,
  kTestTimeout,
  testFailure,
};
