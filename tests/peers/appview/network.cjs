// The directory of identities, a server (PDS) and the real AppView of Bluesky, on loopback only,
// in one process that ends when its standard input closes: it never outlives its parent.
const net = require('node:net')

// They listen on every interface and have no setting against it.
const listenAnywhere = net.Server.prototype.listen
net.Server.prototype.listen = function (first, ...others) {
  const isPort = typeof first === 'number' || typeof first === 'string'
  const where = isPort ? { port: Number(first) } : { ...first }
  if (where.path === undefined) where.host = '127.0.0.1'
  const callbacks = others.filter((other) => typeof other === 'function')
  return listenAnywhere.call(this, where, ...callbacks)
}

const [pdsPort, databaseUrl, redis] = process.argv.slice(2)
Object.assign(process.env, {
  DB_POSTGRES_URL: databaseUrl,
  DB_POSTGRES_SCHEMA: 'desk',
  REDIS_HOST: redis,
  LOG_ENABLED: 'false',
  NODE_ENV: 'test',
})

async function main() {
  const { TestNetwork } = require('@atproto/dev-env')
  const network = await TestNetwork.create({
    pds: { port: Number(pdsPort), hostname: 'localhost', inviteRequired: false },
    bsky: { dbPostgresSchema: 'bsky' },
  })
  console.log('ready')

  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(0), 2000).unref()
    await network.close().catch(() => null)
    process.exit(0)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  process.stdin.on('end', end).resume()
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
