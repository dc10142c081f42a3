import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: {
    index: 'src/index.ts',
    clients: 'src/clients.ts',
    presets: 'src/presets/index.ts',
    'bad-link': 'src/bad-link.ts'
  }
})
