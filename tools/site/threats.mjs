// The threat model: who attacks which layer, what each can and cannot do, with what the packages themselves promise.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../packed.mjs'
import { pageText, sectionsOf } from './markdown.mjs'

const layers = [
  ['What a message means', ['status-data']],
  ['What both sides hold', ['status-sync']],
  ['Who can read it', ['status-pfs']],
  ['Who can find it', ['whisper', 'waku']],
  ['History', ['whisper-mailserver']],
  ['How bytes travel', ['rlpx', 'devp2p-transport', 'websocket-transport', 'messageport-transport']],
  ['Keys', ['status-accounts', 'crypto']],
  [
    'The messenger and its programs',
    ['status-client', 'client-node', 'profiles', 'relay-node', 'whisper-rpc', 'account-rpc']
  ]
]

/** The written part of the page, then what each package says about its security. */
export function threatsPage(written, site) {
  const parts = layers.flatMap(([layer, packages]) => [
    `## ${layer}`,
    '',
    ...packages.flatMap(name => {
      const from = `packages/${name}/README.md`
      const text = readFileSync(join(root, from), 'utf8')
      const sections = sectionsOf(text, /security/i)
      const body = sections.map(section => pageText(section, from, site)).join('\n\n')
      const fallback = `It brings no notes of its own: see [its page](/packages/${name}).`
      return [`### ${name}`, '', body === '' ? fallback : body, '']
    })
  ])
  return [written.trim(), '', ...parts].join('\n')
}
