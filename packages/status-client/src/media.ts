/** Bytes of the wrapper, the chat message and the sync payload around an attachment, the longest text included. */
export const sendSlack = 4096 + 1024
