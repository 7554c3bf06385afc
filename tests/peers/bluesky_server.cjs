// A Bluesky server (PDS) and the directory of identities it needs, both on loopback only,
// in one process that ends when its standard input closes: it never outlives its parent.
const net = require('node:net')
const path = require('node:path')
const { randomBytes } = require('node:crypto')

// Both servers listen on every interface and have no setting against it.
const listenAnywhere = net.Server.prototype.listen
net.Server.prototype.listen = function (first, ...others) {
  const isPort = typeof first === 'number' || typeof first === 'string'
  const where = isPort ? { port: Number(first) } : { ...first }
  if (where.path === undefined) where.host = '127.0.0.1'
  const callbacks = others.filter((other) => typeof other === 'function')
  return listenAnywhere.call(this, where, ...callbacks)
}

const [pdsPort, plcPort, folder] = process.argv.slice(2)
const secret = () => randomBytes(32).toString('hex')
const settings = {
  PDS_PORT: pdsPort,
  PDS_HOSTNAME: 'localhost',
  PDS_DEV_MODE: 'true', // plain http between the two
  PDS_DISABLE_SSRF_PROTECTION: 'true', // they are neighbours on a private address
  PDS_DID_PLC_URL: `http://127.0.0.1:${plcPort}`,
  PDS_DATA_DIRECTORY: folder,
  PDS_BLOBSTORE_DISK_LOCATION: path.join(folder, 'blobs'),
  PDS_SERVICE_HANDLE_DOMAINS: '.test',
  PDS_INVITE_REQUIRED: 'false',
  PDS_CRAWLERS: '', // tell no relay
  PDS_RATE_LIMITS_ENABLED: 'false',
  PDS_JWT_SECRET: secret(),
  PDS_DPOP_SECRET: secret(),
  PDS_ADMIN_PASSWORD: secret(),
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: secret(),
  LOG_ENABLED: 'false',
}

async function main() {
  Object.assign(process.env, settings)
  const directory = require('@did-plc/server')
  const server = require('@atproto/pds')
  const identities = directory.PlcServer.create({
    db: directory.Database.mock(),
    port: Number(plcPort),
  })
  await identities.start()
  const env = server.readEnv()
  const pds = await server.PDS.create(server.envToCfg(env), server.envToSecrets(env))
  await pds.start()

  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(0), 2000).unref()
    await pds.destroy()
    await identities.destroy()
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
