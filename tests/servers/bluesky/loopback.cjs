// Listens on this machine only: the servers of the package would listen on every address.
'use strict'
const { Server } = require('node:net')

const listen = Server.prototype.listen
Server.prototype.listen = function (...given) {
  const [first, second] = given
  const isOptions = first !== null && typeof first === 'object'
  if (isOptions && first.port !== undefined && !first.host) first.host = '127.0.0.1'
  const isPort = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))
  if (isPort && typeof second !== 'string') given.splice(1, 0, '127.0.0.1')
  return listen.apply(this, given)
}
