// Screens of a terminal as one picture that moves by itself: SVG with CSS, no script, no font of its own.

const cell = { width: 8.4, height: 18 }
const margin = 14
/** Nobody has to wait longer for the next screen. */
const longestSeconds = 2.5

const basic = ['#1c1f26', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d7dae0']
const bright = ['#7f848e', '#ff7b86', '#b5e890', '#ffd68a', '#8ac6ff', '#e29bf5', '#7fd8e3', '#ffffff']

function colorOf(index) {
  if (index < 8) return basic[index]
  if (index < 16) return bright[index - 8]
  if (index >= 232) {
    const level = 8 + (index - 232) * 10
    return `rgb(${level},${level},${level})`
  }
  const levels = [0, 95, 135, 175, 215, 255]
  const at = index - 16
  return `rgb(${levels[Math.floor(at / 36)]},${levels[Math.floor(at / 6) % 6]},${levels[at % 6]})`
}

const plain = {
  color: undefined,
  back: undefined,
  bold: false,
  dim: false,
  italic: false,
  under: false,
  reverse: false
}

/** The style after a sequence of `m`. */
function styled(style, codes) {
  const next = { ...style }
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at]
    if (code === 0) Object.assign(next, plain)
    else if (code === 1) next.bold = true
    else if (code === 2) next.dim = true
    else if (code === 3) next.italic = true
    else if (code === 4) next.under = true
    else if (code === 7) next.reverse = true
    else if (code === 22) Object.assign(next, { bold: false, dim: false })
    else if (code === 23) next.italic = false
    else if (code === 24) next.under = false
    else if (code === 27) next.reverse = false
    else if (code >= 30 && code <= 37) next.color = basic[code - 30]
    else if (code >= 90 && code <= 97) next.color = bright[code - 90]
    else if (code === 39) next.color = undefined
    else if (code >= 40 && code <= 47) next.back = basic[code - 40]
    else if (code >= 100 && code <= 107) next.back = bright[code - 100]
    else if (code === 49) next.back = undefined
    else if (code === 38 || code === 48) {
      const isIndexed = codes[at + 1] === 5
      const [r, g, b] = codes.slice(at + 2, at + 5)
      next[code === 38 ? 'color' : 'back'] = isIndexed ? colorOf(codes[at + 2]) : `rgb(${r},${g},${b})`
      at += isIndexed ? 2 : 4
    }
  }
  return next
}

/** Emoji, and what east Asian scripts write, take two cells. */
const isWide = character =>
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u.test(
    character
  )

const escaped = text => text.replace(/[&<>]/g, mark => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[mark])

/** Runs of one style in a line of `capture-pane -e`, each with its column; and the style that the next line begins with. */
function runsOf(line, first) {
  let style = first
  let column = 0
  const runs = []
  // What follows an escape character is a sequence, which ends with a letter, and then text.
  for (const [at, part] of line.split('\u001b').entries()) {
    const [, codes, kind, text] = at === 0 ? ['', '', '', part] : (/^\[?([\d;]*)([a-zA-Z]?)(.*)$/s.exec(part) ?? [])
    if (kind === 'm') style = styled(style, codes.split(';').map(Number))
    if (text === '') continue
    // A character that shapes the one before it stands in no cell.
    const width = [...text].reduce((sum, each) => sum + (/\p{M}|\u200d/u.test(each) ? 0 : isWide(each) ? 2 : 1), 0)
    runs.push({ text, column, width, style })
    column += width
  }
  return { runs, style }
}

function drawn({ text, column, width, style }) {
  const [color, back] = style.reverse ? [style.back ?? basic[0], style.color ?? basic[7]] : [style.color, style.back]
  const x = Math.round(column * cell.width * 10) / 10
  const box =
    back === undefined
      ? ''
      : `<rect x="${x}" width="${Math.round(width * cell.width * 10) / 10}" height="${cell.height}" fill="${back}"/>`
  if (text.trim() === '') return box
  const lead = text.length - text.trimStart().length
  const attributes = [
    `x="${Math.round((column + lead) * cell.width * 10) / 10}" y="13"`,
    `textLength="${Math.round((width - (text.length - text.trim().length)) * cell.width * 10) / 10}" lengthAdjust="spacingAndGlyphs"`,
    color === undefined ? '' : `fill="${color}"`,
    style.bold ? 'font-weight="bold"' : '',
    style.dim ? 'opacity=".6"' : '',
    style.italic ? 'font-style="italic"' : '',
    style.under ? 'text-decoration="underline"' : ''
  ]
  return `${box}<text ${attributes.filter(each => each !== '').join(' ')}>${escaped(text.trim())}</text>`
}

/** Times of the frames, without the long waits: `from` and `to`, seconds. */
export function paced(frames) {
  let now = 0
  return frames.map(({ screen }, at) => {
    const next = frames[at + 1]
    const from = now
    now += next === undefined ? longestSeconds * 2 : Math.min(longestSeconds, next.seconds - frames[at].seconds)
    return { screen, from, to: now }
  })
}

/** The picture. A line that several screens share is drawn once. */
export function pictureOf({ columns, rows, frames }, title) {
  const lines = new Map()
  const shown = paced(frames).map(({ screen, from, to }) => {
    let style = plain
    const uses = screen.split('\n').flatMap((line, row) => {
      const { runs, style: last } = runsOf(line, style)
      style = last
      const content = runs.map(drawn).join('')
      if (content === '') return []
      if (!lines.has(content)) lines.set(content, `l${lines.size}`)
      return [`<use href="#${lines.get(content)}" y="${row * cell.height}"/>`]
    })
    return { uses, from, to }
  })
  const whole = shown.at(-1).to
  const percent = seconds => Math.round((seconds / whole) * 10_000) / 100
  const steps = shown.map(({ from, to }, at) => {
    const before = at === 0 ? '' : `0%,${percent(from)}%{visibility:hidden}`
    const after = at === shown.length - 1 ? '100%{visibility:visible}' : `${percent(to)}%,100%{visibility:hidden}`
    const begin = at === 0 ? '0%{visibility:visible}' : `${percent(from)}%{visibility:visible}`
    return `@keyframes f${at}{${before}${begin}${after}}#f${at}{animation:f${at} ${Math.round(whole * 10) / 10}s step-end infinite}`
  })
  // Where nothing may move, the last screen stands still.
  const still = `.frame{visibility:hidden}#f${shown.length - 1}{visibility:visible}`
  const moving = `@media (prefers-reduced-motion:no-preference){${steps.join('')}}`
  const width = Math.ceil(columns * cell.width) + 2 * margin
  const height = rows * cell.height + 2 * margin
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}${still}${moving}</style>
<defs>${[...lines].map(([content, id]) => `<g id="${id}">${content}</g>`).join('\n')}</defs>
<rect width="100%" height="100%" rx="8" fill="${basic[0]}"/>
<g transform="translate(${margin} ${margin})" fill="${basic[7]}">
${shown.map(({ uses }, at) => `<g class="frame" id="f${at}">${uses.join('')}</g>`).join('\n')}
</g>
</svg>
`
}

/** The same as an asciicast, version 2. */
export function castOf({ columns, rows, chunks }, title) {
  const header = {
    version: 2,
    width: columns,
    height: rows,
    title,
    idle_time_limit: longestSeconds,
    env: { TERM: 'xterm-256color' }
  }
  return `${[header, ...chunks].map(line => JSON.stringify(line)).join('\n')}\n`
}
