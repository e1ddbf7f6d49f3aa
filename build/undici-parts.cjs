'use strict'

/**
 * The parts of undici that the gateway uses, in place of all of it: fetch, WebSocket, mocks and caches would cost every
 * gateway 9 MB of memory. A name that is missing here fails the build.
 */
const Dispatcher = require('undici/lib/dispatcher/dispatcher')

Dispatcher.prototype.request = require('undici/lib/api/api-request')

exports.Agent = require('undici/lib/dispatcher/agent')
exports.EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent')
exports.Pool = require('undici/lib/dispatcher/pool')
