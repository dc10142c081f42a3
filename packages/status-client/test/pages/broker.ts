/** Joins the two ports that name the same room: what one page says, the other hears. */
const waiting = new Map<string, MessagePort>()

const join = (a: MessagePort, b: MessagePort): void => {
  const forward = (from: MessagePort, to: MessagePort): void => {
    from.onmessage = ({ data }: MessageEvent<unknown>) => to.postMessage(data)
  }
  forward(a, b)
  forward(b, a)
}

Object.assign(globalThis, {
  onconnect: ({ ports: [page] }: MessageEvent) => {
    if (page === undefined) return
    page.onmessage = ({ data }: MessageEvent<{ readonly room: string; readonly port: MessagePort }>) => {
      const other = waiting.get(data.room)
      waiting.delete(data.room)
      if (other === undefined) waiting.set(data.room, data.port)
      else join(other, data.port)
    }
  }
})
