import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: {
    index: 'src/index.ts',
    methods: 'src/methods.ts',
    client: 'src/client.ts',
    targets: 'src/targets.ts',
    words: 'src/words/index.ts',
    conversation: 'src/conversation/index.ts',
    testing: 'src/testing/index.ts'
  }
})
