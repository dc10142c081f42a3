import type { Options } from 'tsup'
import { libraryBuild } from '../../tools/tsup.ts'

const build: Options = {
  ...libraryBuild({
    entry: { index: 'src/index.ts', folder: 'src/folder.ts', files: 'src/files.ts', 'node-key': 'src/node-key.ts' }
  }),
  platform: 'node'
}

export default build
