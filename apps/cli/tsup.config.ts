import type { Options } from 'tsup'
import { libraryBuild } from '../../tools/tsup.ts'

const build: Options = { ...libraryBuild({ entry: { main: 'src/main.ts' } }), platform: 'node', dts: false }

export default build
