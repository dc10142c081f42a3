import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: {
    index: 'src/index.ts',
    server: 'src/server/index.node.ts',
    'client.node': 'src/client/client.node.ts',
    'client.browser': 'src/client/client.browser.ts'
  }
})
