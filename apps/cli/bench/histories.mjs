// Long histories, made by the client itself: a real conversation of two clients is exported, its messages are repeated with
// other ids, clocks and texts, and `status-stack account import` reads the result like any backup.
import { createDecipheriv, scryptSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { aesGcmSeal, bytesToHex, generatePrivateKey, publicKeyOf, randomBytes } from '@status-stack/crypto'
import { createIdentityKey, encryptKeystore, statusGoScrypt } from '@status-stack/status-accounts'
import { createClient } from '@status-stack/status-client'
import { linkPair } from '@status-stack/status-client/testing'
import { ClassicLevel } from 'classic-level'

const magic = Buffer.from('status-stack backup 1\n')
const words = 'the harbour was quiet that morning and nobody asked where the letters had gone'.split(' ')
const secondMs = 1000

const hexOf = publicKey => `0x${bytesToHex(publicKey)}`
const keyOf = (password, salt) => scryptSync(password, salt, 32, { N: 32_768, r: 8, p: 1, maxmem: 64 << 20 })

/** A conversation of two clients over a link in memory: the backup of one of them, and its private key. */
export async function createTemplate(folder) {
  const home = mkdtempSync(join(folder, 'template-'))
  const open = async (privateKey, name) => {
    const database = new ClassicLevel(join(home, name), { keyEncoding: 'utf8', valueEncoding: 'view' })
    const identity = createIdentityKey(privateKey)
    return {
      database,
      client: await createClient({ identity, database, storageKey: randomBytes(32) }, { syncTickMs: 20 })
    }
  }
  const privateKey = generatePrivateKey()
  const [alice, bob] = [await open(privateKey, 'alice'), await open(generatePrivateKey(), 'bob')]
  const people = [alice, bob]
  const alive = setInterval(() => undefined, 1000)
  for (const { client } of people) await client.start()
  const links = linkPair('a'.repeat(64), 'b'.repeat(64))
  alice.client.attach(links.a).catch(() => undefined)
  bob.client.attach(links.b).catch(() => undefined)
  const chatWith = ({ client }) => ({ kind: 'one-to-one', publicKey: client.publicKey })
  for (let turn = 0; turn < 6; turn++) {
    for (const [me, other] of [people, people.toReversed()]) {
      const { messageId } = await me.client.send(chatWith(other), { text: `line ${turn}` })
      while ((await me.client.ledger(messageId))?.complete !== true)
        await new Promise(resolve => setTimeout(resolve, 5))
    }
  }
  const [latest] = await alice.client.messages(chatWith(bob), { limit: 1 })
  await alice.client.react(latest.messageId, 'love')
  await alice.client.idle()
  const sealed = await alice.client.exportAccount('template')
  for (const { client, database } of people) {
    await client.stop()
    await database.close()
  }
  clearInterval(alive)
  rmSync(home, { recursive: true, force: true })
  return { privateKey, backup: openBackup(Buffer.from(sealed)) }
}

function openBackup(bytes) {
  const rest = bytes.subarray(magic.length)
  const key = keyOf('template', rest.subarray(0, 32))
  const cipher = createDecipheriv('aes-256-gcm', key, rest.subarray(32, 44))
  cipher.setAuthTag(rest.subarray(-16))
  return JSON.parse(Buffer.concat([cipher.update(rest.subarray(44, -16)), cipher.final()]).toString('utf8'))
}

/** In no text: a search for it reads everything. */
export const rareWord = 'zeppelin'

const textOf = index => `${words[index % words.length]} ${words[(index * 7) % words.length]}, number ${index}`

/**
 * Writes a file for `account import`: `chats` one-to-one chats with `messages` in each, half of them ours.
 * Answers with whom they are, as hex keys.
 */
export async function writeExport(path, password, template, { messages, chats = 1, unread = false }) {
  const { privateKey, backup } = template
  const entries = []
  const chatRecords = []
  const people = []
  const startMs = Date.now() - messages * secondMs - 60_000
  const pattern = backup.messages.filter(({ record }) => record.chat.kind === 'one-to-one')
  const their = { $: pattern[0].record.chat.publicKey.$ }
  for (let chat = 0; chat < chats; chat++) {
    const publicKey = { $: chats === 1 ? their.$ : bytesToHex(publicKeyOf(generatePrivateKey())) }
    people.push(`0x${publicKey.$}`)
    const ref = { kind: 'one-to-one', publicKey }
    const other = JSON.stringify(their)
    const swap = value => JSON.parse(JSON.stringify(value).replaceAll(other, JSON.stringify(publicKey)))
    const shapes = pattern.map(swap)
    let theirs = 0
    for (let index = 0; index < messages; index++) {
      const shape = shapes[index % shapes.length]
      const clock = startMs + index * secondMs
      const messageId = `0x${bytesToHex(randomBytes(32))}`
      const seen = shape.record.outgoing || !unread
      if (!shape.record.outgoing) theirs++
      const at = { clock, timestampMs: clock, storedMs: clock, seen }
      entries.push({
        ...shape,
        record: { ...shape.record, ...at, messageId, text: textOf(index) },
        ...(shape.ledger === undefined ? {} : { ledger: { ...shape.ledger, messageId, queuedMs: clock } })
      })
    }
    const known = backup.chats.find(({ chat: { kind } }) => kind === 'one-to-one')
    const lastClock = startMs + messages * secondMs
    const counters = unread ? { unread: theirs, unseenFrom: startMs } : { unread: 0, unseenFrom: 0 }
    chatRecords.push({ ...known, chat: ref, request: false, count: messages, lastClock, ...counters })
  }
  const plain = Buffer.from(JSON.stringify({ ...backup, chats: chatRecords, messages: entries }))
  const [salt, nonce] = [randomBytes(32), randomBytes(12)]
  const history = Buffer.concat([magic, salt, nonce, aesGcmSeal(keyOf(password, salt), nonce, plain)])
  const keystore = JSON.parse(await encryptKeystore({ privateKey }, password, { scrypt: statusGoScrypt }))
  const kind = 'status-stack/account/1'
  const publicKey = hexOf(publicKeyOf(privateKey))
  writeFileSync(path, JSON.stringify({ kind, publicKey, keystore, history: history.toString('base64') }))
  return people
}

/** The text of the newest message of a chat of that length: when it is on the screen, the last page is there. */
export const lastTextOf = messages => textOf(messages - 1)
