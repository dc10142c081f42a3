// What comes in goes to a file as lines of an asciicast, each with its time in seconds.
import { appendFileSync } from 'node:fs'

const [, , file] = process.argv
const begun = performance.now()
process.stdin.setEncoding('utf8')
process.stdin.on('data', text => {
  const seconds = Math.round(performance.now() - begun) / 1000
  appendFileSync(file, `${JSON.stringify([seconds, 'o', text])}\n`)
})
