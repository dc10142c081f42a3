// Which files of the repository are pages of the site, and where. A text exists once: what is not written for the site alone is taken from
// where it is kept.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { publicPackages, root } from '../packed.mjs'

/** The tutorials in the order in which they are read. */
const tutorials = [
  'ratchet-web-app',
  'whisper-own-transport',
  'rlpx-capability',
  'mvds-lossy-link',
  'echo-bot',
  'relay-with-history',
  'fleet-on-postgresql',
  'own-privacy-layer'
]

const evidence = [
  'interop',
  'runtimes',
  'orthogonality',
  'performance',
  'scale',
  'fairness',
  'soak',
  'conformance',
  'compatibility',
  'mutation'
]

const inFolder = folder =>
  readdirSync(join(root, folder))
    .filter(name => name.endsWith('.md'))
    .map(name => name.slice(0, -'.md'.length))

/** Every page that comes from a file: its path in the repository and its path on the site, both without a leading slash. */
export function collectedPages() {
  const examples = readdirSync(join(root, 'examples')).filter(name =>
    existsSync(join(root, 'examples', name, 'README.md'))
  )
  const unknown = examples.filter(name => !tutorials.includes(name))
  if (unknown.length > 0) throw new Error(`tools/site/pages.mjs: these examples have no place: ${unknown.join(', ')}`)
  const packages = publicPackages().map(({ folder, json }) => ({
    from: folder.slice(root.length),
    name: json.name.replace('@status-stack/', '')
  }))
  return [
    ...tutorials.map(name => ({ from: `examples/${name}/README.md`, to: `tutorials/${name}.md`, group: 'Tutorials' })),
    { from: 'docs/operations.md', to: 'how-to/run-a-node.md', group: 'How to' },
    { from: 'docs/daemon.md', to: 'how-to/talk-to-the-daemon.md', group: 'How to' },
    { from: 'apps/cli/README.md', to: 'how-to/use-the-program.md', group: 'How to' },
    { from: 'apps/web/README.md', to: 'how-to/serve-the-page.md', group: 'How to' },
    { from: 'CONTRIBUTING.md', to: 'how-to/contribute.md', group: 'How to' },
    ...inFolder('docs')
      .filter(name => evidence.some(first => name.startsWith(first)))
      .map(name => ({ from: `docs/${name}.md`, to: `evidence/${name}.md`, group: 'Evidence' })),
    { from: 'ARCHITECTURE.md', to: 'architecture.md', group: 'Design' },
    { from: 'docs/glossary.md', to: 'glossary.md', group: 'Design' },
    { from: 'SECURITY.md', to: 'security.md', group: 'Security' },
    { from: 'docs/protocol/README.md', to: 'protocol/index.md', group: 'Protocol' },
    ...inFolder('docs/protocol')
      .filter(name => name !== 'README')
      .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
      .map(name => ({ from: `docs/protocol/${name}.md`, to: `protocol/${name}.md`, group: 'Protocol' })),
    ...packages
      .filter(({ from }) => existsSync(join(root, from, 'SPEC.md')))
      .map(({ from, name }) => ({
        from: `${from}/SPEC.md`,
        to: `protocol/rules-of-${name}.md`,
        group: 'Rules and tests'
      })),
    ...packages
      .filter(({ from }) => from.startsWith('packages/'))
      .map(({ from, name }) => ({ from: `${from}/README.md`, to: `packages/${name}.md`, group: 'Packages' })),
    { from: 'docs/decisions/README.md', to: 'decisions/index.md', group: 'Decisions' },
    ...inFolder('docs/decisions')
      .filter(name => name !== 'README')
      .map(name => ({ from: `docs/decisions/${name}.md`, to: `decisions/${name}.md`, group: 'Decisions' }))
  ]
}
