import type { OperationTable } from './table.ts'

export const messagesOperations: OperationTable = {
  'mvds.json': {
    message_id: {
      reproduce: 'messageProtobuf messageId',
      decode: 'groupId timestamp body messageId'
    },
    group_id: {
      reproduce: 'compressedA compressedB groupId'
    },
    payload: {
      reproduce: 'protobuf messages[].messageId',
      decode: 'isValid acks offers requests'
    },
    send_epoch: {
      reproduce: 'next'
    },
    handle: {
      decode: 'applicationPayloads'
    },
    exchange: {
      reproduce: 'groupId',
      decode: 'messageId groupId payloads[].counts'
    }
  },
  'payloads.json': {
    message: {
      reproduce: 'payload signedHash wrapped messageId',
      decode: 'signature payload recoveredAuthor'
    },
    metadata_verify: {
      decode: 'result recoveredAuthor payload type messageId'
    },
    validate: {
      decode: 'valid'
    },
    membership_event: {
      reproduce: 'rawPayload signature encoded from',
      decode: 'from clock type typeName members eventName'
    },
    group_from_events: {
      decode: 'chatId hasChatMessage result events group'
    },
    group_merge: {
      decode: 'chatId result group'
    }
  },
  'accounts.json': {
    mnemonic_from_entropy: {
      reproduce: 'mnemonic',
      decode: 'entropy'
    },
    mnemonic_invalid: {
      decode: { asks: '', valid: 'never' }
    },
    derivation: {
      reproduce:
        'seed keyUid keys.*.privateKey keys.*.publicKey keys.*.chainCode keys.*.extendedPrivateKey keys.*.address'
    },
    identity: {
      reproduce: 'publicKey compressed address multibaseZ multibaseF identiconBitmap',
      decode: 'publicKey'
    },
    public_key_invalid: {
      decode: { asks: '', valid: 'never' }
    },
    sign: {
      reproduce: 'publicKey hash signature'
    }
  },
  'full-stack.json': {
    conversation: {
      decode: 'envelopes[].hash envelopes[].ttl envelopes[].mode envelopes[].symKey'
    }
  }
}
