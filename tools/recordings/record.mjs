#!/usr/bin/env node
// `pnpm recordings`: plays the scenes with the built program in a real terminal and writes docs/recordings: an asciicast and a moving
// picture of each. Names of scenes record those alone.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../packed.mjs'
import { castOf, pictureOf } from './picture.mjs'
import { scenes } from './scenes.mjs'
import { missing, record } from './terminal.mjs'

const why = missing()
if (why !== undefined) throw new Error(why)
const folder = join(root, 'docs/recordings')
mkdirSync(folder, { recursive: true })
const only = process.argv.slice(2)
for (const [name, scene] of Object.entries(scenes)) {
  if (only.length > 0 && !only.includes(name)) continue
  const recorded = await record(scene, { typing: 45 })
  writeFileSync(join(folder, `${name}.cast`), castOf(recorded, scene.title))
  const picture = pictureOf(recorded, scene.title)
  writeFileSync(join(folder, `${name}.svg`), picture)
  console.log(`${name}: ${recorded.frames.length} screens, ${Math.round(picture.length / 1024)} KiB`)
}
