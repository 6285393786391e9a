// SPDX-License-Identifier: Apache-2.0
// What a server answers to a client's first message: the certificate by its name (SNI), the protocol (ALPN), the status
// of the certificate (OCSP). The program's callbacks are asked one after the other, each as slowly as it likes.
'use strict';

const {
  codes: { ERR_MULTIPLE_CALLBACK, ERR_SOCKET_CLOSED, ERR_TLS_ALPN_CALLBACK_INVALID_RESULT },
} = require('internal/errors');
const { Buffer } = require('buffer');

// A function to be called once. What comes after the end of the socket is dropped.
function once(socket, next) {
  let isCalled = false;
  return (error, value) => {
    if (isCalled) {
      socket.destroy(new ERR_MULTIPLE_CALLBACK());
      return;
    }
    isCalled = true;
    if (error) {
      socket.destroy(error);
      return;
    }
    if (socket.destroyed || !socket._handle) {
      socket.destroy(new ERR_SOCKET_CLOSED());
      return;
    }
    next(value);
  };
}

function chooseContext(socket, servername, next) {
  const { SNICallback } = socket._tlsOptions;
  const secureContext = require('internal/tls/socket').contextOf(socket._tlsOptions);
  if (!servername || !SNICallback) {
    next(secureContext);
    return;
  }
  SNICallback(
    servername,
    once(socket, (context) => {
      if (!context) {
        next(secureContext);
        return;
      }
      if (context.context?.native === undefined) socket._handle.onerror(new TypeError('Invalid SNI context'));
      else next(context);
    }),
  );
}

// The protocols that may be chosen, or undefined when there is nothing to choose.
function chooseProtocols(socket, { servername, protocols }) {
  const { ALPNCallback, ALPNProtocols } = socket._tlsOptions;
  if (ALPNCallback && protocols.length > 0) {
    const chosen = ALPNCallback.call(socket, { servername: servername ?? '', protocols });
    if (chosen === undefined) return [];
    if (!protocols.includes(chosen)) throw new ERR_TLS_ALPN_CALLBACK_INVALID_RESULT(chosen, protocols);
    return [chosen];
  }
  return ALPNProtocols ? require('internal/tls/socket').namesIn(ALPNProtocols) : undefined;
}

function askForStatus(socket, context, wantsStatus, next) {
  const { server } = socket._tlsOptions;
  if (!wantsStatus || !server || server.listenerCount('OCSPRequest') === 0) {
    next(undefined);
    return;
  }
  const [certificate, issuer] = internalBinding('crypto.tls_host').contextCertificates(context.context.native);
  const shown = (bytes) => (bytes === undefined ? null : Buffer.from(bytes));
  server.emit('OCSPRequest', shown(certificate), shown(issuer), once(socket, next));
}

function answerClient(socket, hello) {
  if (hello.servername) socket.servername = hello.servername;
  chooseContext(socket, hello.servername, (context) => {
    let protocols;
    try {
      protocols = chooseProtocols(socket, hello);
    } catch (error) {
      socket.destroy(error);
      return;
    }
    const { keyCert, pskCallback, pskIdentityHint, rejectUnauthorized, requestCert } = socket._tlsOptions;
    const shown = keyCert ?? context;
    askForStatus(socket, shown, hello.wantsStatus, (status) => {
      socket._handle.answer(shown.context.native, {
        protocols,
        refusesProtocols: protocols?.length === 0,
        ocsp: status ?? undefined,
        psk: require('internal/tls/psk').pskExchange(socket),
        pskHint: pskCallback ? pskIdentityHint : undefined,
        requestCert: Boolean(requestCert),
        rejectUnauthorized: Boolean(rejectUnauthorized),
      });
    });
  });
}

module.exports = { answerClient };
