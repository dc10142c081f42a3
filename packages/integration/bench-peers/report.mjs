// What the measured rows come to: medians with their range, ours beside the Go original, as Markdown and as a list of ratios.
import { median, quantile } from './numbers.mjs'

/** What a row is shown by, and whether more is better. What else was measured stays in the JSON. */
const shown = {
  perSecond: ['a second', true],
  cpuMicros: ['CPU µs each', false],
  cpuPercent: ['CPU %', false],
  gotPerSecond: ['received/s', true],
  after10s: ['arrived after 10 s', true],
  wholeAfter: ['whole after s', false],
  samples: ['p50 ms', false],
  p50: ['p50 ms', false],
  p95: ['p95 ms', false],
  rest: ['RSS MB', false],
  restAbove: ['RSS MB above the bare runtime', false],
  expired: ['RSS MB after expiry', false],
  expiredGrowth: ['RSS after expiry ÷ before', false],
  idleCpuPercent: ['idle CPU %', false],
  pooled: ['pooled', true],
  mbPerSecond: ['MB/s', true],
  receiverMicros: ['receiver CPU µs', false],
  senderMicros: ['sender CPU µs', false],
  micros: ['µs', false],
  cpuMsPerPage: ['CPU ms a page', false],
  topicSeconds: ['one topic, s', false],
  topicFirstMs: ['one topic, first page ms', false],
  portMs: ['port open ms', false],
  readyMs: ['ready ms', false],
  latencyP50: ['latency p50 ms', false],
  latencyP95: ['latency p95 ms', false],
  sendP50: ['send() p50 ms', false],
  sentPerSecond: ['sent/s', true],
  arrivedPerSecond: ['arrived/s', true],
  senderCpuMs: ['sender CPU ms', false],
  receiverCpuMs: ['receiver CPU ms', false],
  perCpuSecond: ['messages a second of CPU', true],
  sentPerSecondOf16: ['sent/s, 16 callers', true],
  arrivedPerSecondOf16: ['arrived/s, 16 callers', true],
  senderCpuMsOf16: ['sender CPU ms, 16 callers', false],
  receiverCpuMsOf16: ['receiver CPU ms, 16 callers', false],
  perCpuSecondOf16: ['messages a second of CPU, 16 callers', true],
  lost: ['lost', false]
}
const goKinds = ['geth', 'statusgo']

function figure(value) {
  if (value === undefined || Number.isNaN(value)) return '–'
  if (Math.abs(value) >= 10_000) return `${(value / 1000).toFixed(1)} k`
  return Number(value.toPrecision(3)).toString()
}

function cell(list) {
  if (list === undefined || list.length === 0) return '–'
  const [low, high] =
    list.length > 6 ? [quantile(list, 0.05), quantile(list, 0.95)] : [Math.min(...list), Math.max(...list)]
  return `${figure(median(list))} (${figure(low)}–${figure(high)})`
}

/** Numbers by row, by measure, by kind. A measure of parts becomes a row for each part. */
function gather(lines) {
  const rows = new Map()
  const put = (row, measure, kind, value) => {
    if (!rows.has(row)) rows.set(row, new Map())
    const measures = rows.get(row)
    if (!measures.has(measure)) measures.set(measure, {})
    const kinds = measures.get(measure)
    kinds[kind] = (kinds[kind] ?? []).concat(value)
  }
  for (const { group, name, kind, measured } of lines) {
    for (const [measure, value] of Object.entries(measured ?? {})) {
      const row = `${group}: ${name}`
      if (typeof value === 'number' || Array.isArray(value)) put(row, measure, kind, value)
      else if (typeof value === 'object' && value !== null) {
        for (const [inner, number] of Object.entries(value)) put(`${row}: ${measure}`, inner, kind, number)
      }
    }
  }
  return rows
}

/** Larger is better. */
function gainOf(measure, ours, theirs) {
  const ratio = median(ours) / median(theirs)
  return shown[measure][1] ? ratio : 1 / ratio
}

const rounded = value => Number(value.toPrecision(3))

/** One entry for each row that has an aim: how we stand beside Go, and how we want to; larger is better in both. */
export function ratiosOf(lines, judgedOf) {
  const found = []
  for (const [row, measures] of gather(lines)) {
    for (const [measure, kinds] of measures) {
      const aim = judgedOf(row, measure)
      const go = goKinds.find(kind => kinds[kind] !== undefined)
      if (aim === undefined || go === undefined || kinds.ours === undefined) continue
      const ratio = gainOf(measure, kinds.ours, kinds[go])
      if (Number.isFinite(ratio)) found.push({ name: row, ratio: rounded(ratio), aim: rounded(aim) })
    }
  }
  return found
}

/** The table that docs/performance.md shows. */
export function markdownOf(lines, judgedOf) {
  const table = ['| row | measure | ours | Go | gain | aim |', '| --- | --- | --- | --- | --- | --- |']
  for (const [row, measures] of gather(lines)) {
    for (const [measure, kinds] of measures) {
      if (shown[measure] === undefined) continue
      const go = goKinds.find(kind => kinds[kind] !== undefined)
      for (const [kind, mark] of [
        ['ours', ''],
        ['other', ', other checkout'],
        ['oursNoble', ', noble only']
      ]) {
        if (kinds[kind] === undefined) continue
        const gain = go === undefined ? undefined : gainOf(measure, kinds[kind], kinds[go])
        const aim = kind === 'ours' ? judgedOf(row, measure) : undefined
        const cells = [cell(kinds[kind]), cell(kinds[go]), Number.isFinite(gain) ? figure(gain) : '–', figure(aim)]
        table.push(`| ${[row + mark, shown[measure][0], ...cells].join(' | ')} |`)
      }
    }
  }
  return table.join('\n')
}
