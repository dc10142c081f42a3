import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: {
    index: 'src/index.ts',
    wire: 'src/wire.ts',
    relay: 'src/relay.ts',
    testing: 'src/testing/index.ts',
    status: 'src/status/index.ts',
    'spawn.node': 'src/search/spawn.node.ts',
    'spawn.browser': 'src/search/spawn.browser.ts',
    'pow-worker.node': 'src/search/pow-worker.node.ts',
    'pow-worker.browser': 'src/search/pow-worker.browser.ts'
  }
})
