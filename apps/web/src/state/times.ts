const hoursAndMinutes = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })

/** Authors choose their times, and one beyond what a date can hold throws: it must not take the conversation off the screen. */
function formatted(format: Intl.DateTimeFormat, ms: number): string {
  return Number.isNaN(new Date(ms).getTime()) ? 'unknown time' : format.format(ms)
}

/** When a message was written: hours and minutes. */
export const shortTime = (ms: number): string => formatted(hoursAndMinutes, ms)

/** The same with the day. */
export const longTime = (ms: number): string => formatted(dayAndTime, ms)
