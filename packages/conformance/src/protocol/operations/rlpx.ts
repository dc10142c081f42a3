import type { OperationTable } from './table.ts'

export const rlpxOperations: OperationTable = {
  'rlpx.json': {
    handshake: {
      reproduce:
        'initiatorPublicKey staticSharedSecret authSignature ephemeralSharedSecret auth ack aesSecret macSecret initiatorEgressMacDigest initiatorIngressMacDigest frames[].frame frames[].egressMacDigestAfter',
      decode:
        'initiatorPublicKey aesSecret macSecret initiatorEgressMacDigest initiatorIngressMacDigest frames[].code frames[].payload frames[].compressedPayload'
    },
    eip8_auth: {
      decode: 'plainFormat initiatorPubkey nonce signature version extraListItems'
    },
    eip8_ack: {
      decode: 'randomPubkey nonce version extraListItems'
    },
    eip8_secrets: {
      reproduce: 'aesSecret macSecret responderIngressMacDigestAfterFoo'
    },
    ecies: {
      reproduce: 'ciphertext',
      decode: 'publicKey plaintext'
    },
    frames_known_secrets: {
      reproduce: 'frames[].frame',
      decode: 'frames[].code frames[].payload'
    },
    frames_invalid: {
      decode: { asks: '', valid: 'never' }
    },
    hello: {
      reproduce: 'code payload',
      decode: 'version clientId caps listenPort nodeId'
    },
    hello_receive: {
      decode: { asks: '', valid: { field: 'accepted' } }
    },
    disconnect: {
      reproduce: 'code payload',
      decode: 'reason'
    },
    snappy: {
      decode: 'plain'
    },
    snappy_invalid: {
      decode: { asks: '', valid: 'never' }
    },
    enode: {
      reproduce: 'nodeId',
      decode: 'nodeId'
    }
  }
}
