// A push service with browsers behind it, on loopback only; it ends when its standard input closes,
// so it never outlives its parent.
const net = require('node:net')

// It listens on every interface and has no setting against it.
const listenAnywhere = net.Server.prototype.listen
net.Server.prototype.listen = function (first, ...others) {
  const isPort = typeof first === 'number' || typeof first === 'string'
  const where = isPort ? { port: Number(first) } : { ...first }
  if (where.path === undefined) where.host = '127.0.0.1'
  return listenAnywhere.call(this, where, ...others.filter((other) => typeof other === 'function'))
}

const Server = require('web-push-testing/src/server.js')
const { PushApiModel } = require('web-push-testing/src/PushApiModel.js')
new Server(new PushApiModel(), Number(process.argv[2])).startServer()
process.on('SIGTERM', () => process.exit(0))
process.stdin.on('end', () => process.exit(0)).resume()
