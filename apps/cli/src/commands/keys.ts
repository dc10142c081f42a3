import { writeNewFile } from '@status-stack/profiles/files'
import { type Context, defineCommand, defineGroup } from '../command.ts'
import { CliError, describeError } from '../errors.ts'
import { mailserverOption, peerOption, secretOut } from '../flags.ts'
import { profileOf } from '../profile.ts'

const load = () => import('../key-forms.ts')

const show = defineCommand({
  name: 'show',
  isDefault: true,
  summary: 'all forms of a public key; our own without one',
  positions: [['[key]', 'a public key in any form']],
  examples: [
    ['our own', 'keys'],
    ['another key', 'keys show zQ3sh…']
  ],
  load,
  run: async ({ globals, output, args: [text] }, { keyForms, parseKey, ownKey }) => {
    const forms = keyForms(text === undefined ? await ownKey(profileOf(globals)) : parseKey(text))
    output.data(
      { event: 'key', ...forms },
      `text          ${forms.text}\nuncompressed  ${forms.uncompressed}\ncompressed    ${forms.compressed}\nnode id       ${forms.nodeId}`
    )
  }
})

/** To a file and nowhere else. */
const generate = defineCommand({
  name: 'generate',
  summary: 'make a private key in a file',
  flags: [secretOut()],
  examples: [['for init --private-key-file', 'keys generate --out key.hex']],
  load,
  run: async ({ options: { out }, output }: Context<{ readonly out: string }>, { newPrivateKey }) => {
    const { hex, uncompressed, text } = newPrivateKey()
    await writeNewFile(out, `${hex}\n`)
    output.data({ event: 'key', file: out, uncompressed, text }, text)
    output.hint(`· the private key is in ${out}: anyone who reads it has the identity`)
  }
})

const publicKey = defineCommand({
  name: 'public',
  summary: 'the public key of a private key file',
  positions: [['<file>', 'file with 64 hex digits']],
  examples: [['whose key is it', 'keys public key.hex']],
  load,
  run: async ({ output, args: [path = ''] }, { publicKeyOfFile }) => {
    const { uncompressed, text } = await publicKeyOfFile(path)
    output.data({ event: 'key', uncompressed, text }, text)
  }
})

const link = defineCommand({
  name: 'link',
  summary: 'the contact link of this profile: key, peers and mailserver',
  flags: [peerOption(), mailserverOption()],
  examples: [['to pass on', 'keys link --peer enode://…@host:30303']],
  load,
  run: async ({ globals, output }, { contactLink, ownKey }) => {
    const text = await contactLink(await ownKey(profileOf(globals)), globals)
    output.data({ event: 'link', link: text }, text)
  }
})

const open = defineCommand({
  name: 'open',
  summary: 'show what is in a contact link',
  positions: [['<link>', 'https://… or status-im://…']],
  examples: [['before you use it', 'keys open "https://join.status.im/u/…"']],
  load,
  run: async ({ output, args: [text = ''] }, { linkContents }) => {
    const contents = readable(() => linkContents(text))
    const { text: key, enodes, mailserver } = contents
    output.data(
      { event: 'contact-link', ...contents },
      [
        key,
        ...enodes.map(enode => `  peer ${enode}`),
        ...(mailserver === undefined ? [] : [`  mailserver ${mailserver}`])
      ].join('\n')
    )
  }
})

/** What cannot be opened failed: the arguments were right. */
function readable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    const { code, message, hint } = describeError(error)
    throw new CliError('failed', code, message, hint)
  }
}

/** Public keys, key files, contact links. */
export const keys = defineGroup({
  name: 'keys',
  summary: 'public keys in all forms, key files, contact links',
  examples: [
    ['our own key in all forms', 'keys'],
    ['a link for others to reach you', 'keys link --peer enode://…@host:30303'],
    ['what a link holds', 'keys open "https://join.status.im/u/…"']
  ],
  commands: [show, generate, publicKey, link, open]
})
