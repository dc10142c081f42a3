import { libraryBuild } from '../../tools/tsup.ts'

export default { ...libraryBuild({ entry: { main: 'src/main.ts' } }), platform: 'node', dts: false }
