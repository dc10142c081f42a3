export default async own => {
  class EchoError extends Error {}
  return {
    values: { EchoError: () => EchoError, message: () => ({ timestamp: own.longOf(7n) }) },
    notRun: {
      list: 'needs a module that protobufjs wrote',
      optional: 'needs a module that protobufjs wrote',
      createMessageCodecs: 'needs a module that protobufjs wrote'
    }
  }
}
