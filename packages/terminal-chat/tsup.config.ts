import type { Options } from 'tsup'
import { libraryBuild } from '../../tools/tsup.ts'

const build: Options = {
  ...libraryBuild({ entry: { index: 'src/index.ts', editor: 'src/editor-program.ts' } }),
  platform: 'node'
}

export default build
