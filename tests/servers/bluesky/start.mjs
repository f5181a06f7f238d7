// Starts the vendor's own servers: PLC directory, PDS and AppView.
// Ports come as BASE_PORT and the nine after it; LIMITED=yes makes the PDS refuse too many questions.
import { TestNetwork, mockMailer } from '@atproto/dev-env'

const base = Number(process.env.BASE_PORT)
const at = (place) => base + place
const network = await TestNetwork.create({
  plc: { port: at(0) },
  pds: {
    port: at(1),
    hostname: 'localhost',
    enableDidDocWithSession: true,
    rateLimitsEnabled: process.env.LIMITED === 'yes',
  },
  bsky: { port: at(2), dbPostgresSchema: 'bsky', publicUrl: `http://localhost:${at(2)}` },
  ozone: {
    port: at(3),
    chatUrl: `http://localhost:${at(4)}`,
    chatDid: 'did:example:chat',
  },
  introspect: { port: at(5) },
})
mockMailer(network.pds)

const stop = async () => {
  await network.close()
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
console.log('ready')
