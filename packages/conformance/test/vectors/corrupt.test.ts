import { loadVectors, type VectorCase, type VectorFile, vectorFiles } from '@status-stack/vectors'
import { expect, test } from 'vitest'
import { adapters, type CaseRecord, runVectors } from '../../src/index.ts'

/** Text for people and facts that nothing on the wire can show. */
const information = new Set(['name', 'description', 'source', 'error', 'note'])

/** Fields whose change a right implementation cannot notice, by file. */
const silent: Readonly<Record<string, readonly RegExp[]>> = {
  // Refused before the change and after it.
  '*': [/^\w+_invalid\.(?!code)/, /^hello_receive\./],
  accounts: [
    // The word lists are not part of the package; the picture shows what the hash decides.
    /^identity\.(alias|identiconMd5)$/
  ],
  doubleratchet: [/^transcript\.max\w+$/],
  'full-stack': [/\.by$/],
  // Inputs of a yes or no, or of a rounded number, that the change does not turn.
  payloads: [/^validate\.(payload|whisperTimestampMs)$/],
  rlpx: [/^eip8_secrets\.ack$/, /^disconnect\.text$/],
  waku: [
    // Inputs of a yes or no that the change does not turn.
    /^(bridge|connection|filter_deliver|forward|node_accept|packet_messages_response|packet_p2p_message)\.now$/,
    /^bridge\.(shhMinPow|wakuMinPow|times)$/,
    /^connection\.(maxMessageSize|minPow)$/,
    /^node_accept\.(maxMessageSize|minPow|times)$/,
    /^filter_deliver\.filter\.allowP2P$/,
    /^rate_limiter\.(ip|packets\.\d+\.size)$/,
    /^status_of_node\.settings\.bloomFilterMode$/,
    /^status_(update_)?receive\.receiver\w+$/,
    // The first update replaces the filter that is changed in it.
    /^status_update_receive\.status$/,
    /^(topic_from_bytes\.input|bloom_match\.(filter|sample))$/
  ],
  'whisper-envelope': [/^valid\.paddingExplicit$/, /^node_accept\.(maxMessageSize|minPow|now)$/],
  'whisper-misc': [
    /^bloom_match\.(filter|sample)$/,
    /^packet_status_statusgo_receive\.receiverIsLight$/,
    /^pow_to_first_bit\.(dataLength|ttl|pow)$/,
    /^topic_from_bytes\.input$/
  ],
  x3dh: [/^bundle\.mapOrderFixed$/]
}

const isSilent = (file: string, path: string): boolean =>
  [...(silent['*'] ?? []), ...(silent[file] ?? [])].some(pattern => pattern.test(path))

type Path = readonly (string | number)[]

/** Every value of a case that is not a list or an object, by its path. */
function* leavesOf(value: unknown, path: Path = []): Generator<readonly [Path, string | number | boolean]> {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') yield [path, value]
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* leavesOf(item, [...path, index])
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) if (!information.has(key)) yield* leavesOf(item, [...path, key])
  }
}

/** Another value of the same kind: one bit, one more, the opposite. */
function spoil(value: string | number | boolean): string | number | boolean {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') return value + 1
  if (/^0x([0-9a-f]{2})+$/.test(value)) {
    const at = 2 + 2 * Math.floor((value.length - 2) / 4)
    const byte = Number.parseInt(value.slice(at, at + 2), 16) ^ 1
    return value.slice(0, at) + byte.toString(16).padStart(2, '0') + value.slice(at + 2)
  }
  if (value === '0x') return '0x00'
  if (/^\d+$/.test(value)) return String(BigInt(value) + 1n)
  if (/^[\d.e+-]+$/.test(value)) return String(Number(value) * 2)
  return `${value}1`
}

function withValue(vector: VectorCase, path: Path, value: unknown): VectorCase {
  const copy = structuredClone(vector)
  let parent = copy as unknown as Record<string | number, never>
  for (const key of path.slice(0, -1)) parent = parent[key] as never
  parent[path.at(-1) as string] = value as never
  return copy
}

async function run(file: VectorFile, section: string, vector: VectorCase): Promise<readonly CaseRecord[]> {
  const records: CaseRecord[] = []
  const sections = { ...file.sections, [section]: [vector] }
  for await (const record of runVectors([{ ...file, sections }], { adapters, section })) {
    if (record.kind === 'case') records.push(record)
  }
  return records
}

const failed = (records: readonly CaseRecord[]): CaseRecord | undefined =>
  records.find(record => record.outcome === 'failed')

test('a failure names the field that was changed and its first differing byte', { timeout: 240_000 }, async () => {
  const named = async (file: VectorFile, section: string, path: Path) => {
    const vector = file.sections[section]?.[0] as VectorCase
    const value = path.reduce((parent, key) => (parent as never)[key], vector as never)
    const { difference } = failed(await run(file, section, withValue(vector, path, spoil(value)))) ?? {}
    return [difference?.field, difference?.offset]
  }
  const envelopes = await loadVectors('whisper-envelope')
  // The middle of 305 bytes of RLP lies in the data, which begin at byte 16.
  expect(await named(envelopes, 'valid', ['rlp'])).toEqual(['rlp.data', 152])
  expect(await named(envelopes, 'valid', ['signature'])).toEqual(['signature', 32])
  expect(await named(envelopes, 'valid', ['envelope', 'nonce'])).toEqual(['envelope.nonce', 2])
  const rlpx = await loadVectors('rlpx')
  expect(await named(rlpx, 'handshake', ['auth'])).toEqual(['auth.ciphertext', 232])
  expect(await named(rlpx, 'handshake', ['frames', 2, 'frame'])).toEqual(['frames[2].frame.body', 32])
  expect(await named(rlpx, 'hello', ['caps', 0, 'version'])).toEqual(['payload', 45])
  const ratchet = await loadVectors('doubleratchet')
  expect(await named(ratchet, 'transcript', ['steps', 1, 'state', 'rootKey'])).toEqual(['steps[1].state.rootKey', 16])
  const conversations = await loadVectors('full-stack')
  const text = ['phases', 1, 'retrieved', 'bob', 'messages', 0, 'text']
  expect(await named(conversations, 'conversation', text)).toEqual(['phases[1].retrieved.bob.messages[0].text', 16])
})

test.each(vectorFiles)('%s: whatever is changed in a case, the case fails', { timeout: 240_000 }, async name => {
  const file = await loadVectors(name)
  const unnoticed = new Set<string>()
  for (const [section, cases] of Object.entries(file.sections)) {
    const [vector] = cases
    if (vector === undefined) continue
    expect(failed(await run(file, section, vector))).toBeUndefined()
    const leaves = [...leavesOf(vector)]
    const stride = Math.ceil(leaves.length / 60)
    for (const [path, value] of leaves.filter((_, index) => index % stride === 0)) {
      if (failed(await run(file, section, withValue(vector, path, spoil(value)))) === undefined) {
        const place = `${section}.${path.join('.')}`
        if (!isSilent(name, place)) unnoticed.add(place)
      }
    }
  }
  expect([...unnoticed]).toEqual([])
})
