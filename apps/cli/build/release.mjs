// The program as it is published, in `dist`.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyAddon } from '../../../tools/native-addon.mjs'
import { bundle, folder, writeFiles } from './bundle.mjs'
import { bundledPackages, noticesText } from './notices.mjs'

const dist = join(folder, 'dist')
const { files, metafile } = await bundle()
rmSync(dist, { recursive: true, force: true })
writeFiles(files, dist)
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), noticesText(bundledPackages(metafile, folder)))
copyAddon(join(dist, 'native'))
