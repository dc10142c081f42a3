// CPU of answering an auth, without sockets: auth in, ack and frame ciphers out. Prints milliseconds for both.
import { randomBytes } from 'node:crypto'
import { ECIES, pk2id } from '@ethereumjs/devp2p'
import { ecBackend, publicKeyOf } from '@status-stack/crypto'
import {
  answerAuth,
  createFrameReader,
  createFrameSealer,
  createHandshakeReader,
  createInitiator,
  drawHandshakeRandomness
} from '@status-stack/rlpx/wire'

const random = { bytes: length => new Uint8Array(randomBytes(length)) }
const privateKey = random.bytes(32)
const publicKey = publicKeyOf(privateKey)
const id = pk2id(publicKey)

const auths = Array.from({ length: 40 }, () => {
  const keys = { privateKey: random.bytes(32), remotePublicKey: publicKey }
  return createInitiator(keys, drawHandshakeRandomness(random)).auth
})

function ours(auth) {
  const { opened } = createHandshakeReader(privateKey, 'auth').push(auth)
  const { ack, secrets } = answerAuth(privateKey, opened, drawHandshakeRandomness(random))
  createFrameReader(secrets)
  createFrameSealer(secrets)
  return ack
}

function stock(auth) {
  const session = new ECIES(privateKey, id, null)
  // As its Peer does: first the old form, then the new one.
  session._gotEIP8Auth = true
  session.parseAuthEIP8(auth)
  return session.createAckEIP8()
}

function cpuMs(work, times) {
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) work(auths[i % auths.length])
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / times
}

const median = values => [...values].sort((a, b) => a - b)[values.length >> 1]
cpuMs(ours, 200)
cpuMs(stock, 20)
const rounds = Array.from({ length: 7 }, () => [cpuMs(ours, 100), cpuMs(stock, 20)])
console.log(
  JSON.stringify({
    backend: ecBackend().name,
    ours: median(rounds.map(([a]) => a)),
    stock: median(rounds.map(([, b]) => b))
  })
)
