import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: {
    index: 'src/index.ts',
    wire: 'src/wire.ts',
    carrier: 'src/carrier.ts',
    node: 'src/sockets.node.ts',
    testing: 'src/testing/index.ts'
  }
})
