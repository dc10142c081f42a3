// A program that speaks the line protocol, in whatever way its first argument says. It depends on nothing.
import { createInterface } from 'node:readline'

const [mode = 'good'] = process.argv.slice(2)
const bytesOf = hex => Uint8Array.from(hex.slice(2).match(/../g) ?? [], byte => Number.parseInt(byte, 16))
const hexOf = bytes => `0x${[...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')}`

function bloomOf(topic) {
  const bloom = new Uint8Array(64)
  for (let i = 0; i < 3; i++) {
    const bit = topic[i] + (topic[3] & (1 << i) ? 256 : 0)
    // Assigned, as in the Go code: of two bits in one byte the later is left.
    bloom[bit >> 3] = 1 << (bit & 7)
  }
  return bloom
}

const operations = {
  topic_from_bytes: ({ input }) => {
    const topic = new Uint8Array(4)
    topic.set(bytesOf(input).subarray(0, 4))
    return { topic: hexOf(topic) }
  },
  topic_to_bloom: ({ topic }) => {
    const bloom = bloomOf(bytesOf(topic))
    const bitsSet = bloom.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
    return { bloom: hexOf(bloom), bitsSet }
  }
}

const say = answer => process.stdout.write(`${typeof answer === 'string' ? answer : JSON.stringify(answer)}\n`)
const sections = ['whisper-misc/topic_from_bytes', 'whisper-misc/topic_to_bloom/reproduce']
let requests = 0

const modes = {
  good: ({ id, section, input }) => say({ id, output: operations[section](input) }),
  // One bit of one field.
  wrong: ({ id, section, input }) => {
    const output = operations[section](input)
    if (output.bloom !== undefined)
      output.bloom = hexOf(bytesOf(output.bloom).map((byte, i) => (i === 9 ? byte ^ 1 : byte)))
    say({ id, output })
  },
  echoes: ({ id, input }) => say({ id, output: input }),
  refuses: ({ id }) => say({ id, refused: 'not today' }),
  unsupported: ({ id }) => say({ id, unsupported: 'no blooms here' }),
  breaks: ({ id }) => say({ id, error: 'out of memory' }),
  late: () => undefined,
  garbage: () => say('hello there'),
  'other-id': ({ id, section, input }) => say({ id: id + 1, output: operations[section](input) }),
  endless: () => say('x'.repeat(5000)),
  // Ends at its second request, and works again when it is started anew.
  ends: request => {
    if (++requests % 2 === 0) {
      process.stderr.write('panic: index out of range\n')
      process.exit(3)
    }
    modes.good(request)
  }
}

createInterface({ input: process.stdin }).on('line', line => {
  const request = JSON.parse(line)
  if (request.op !== 'hello') {
    ;(modes[mode] ?? modes.good)(request)
    return
  }
  const implementation = { name: 'test', version: '1' }
  const hello = { id: request.id, protocol: 1, implementation, sections }
  if (mode === 'mute') return
  if (mode === 'old') hello.protocol = 0
  if (mode === 'mistyped') hello.sections = ['whisper-misc/topic_to_blom']
  if (mode === 'claims-nothing') hello.sections = []
  say(hello)
})
if (mode === 'stays') process.stdin.on('end', () => setInterval(() => undefined, 1000))
