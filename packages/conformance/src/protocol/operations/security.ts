import type { OperationTable } from './table.ts'

export const securityOperations: OperationTable = {
  'x3dh.json': {
    bundle: {
      reproduce: 'identityPublicKeyUncompressed identityPublicKey signatureMaterial signatureHash signature',
      decode: 'identityPublicKey signature timestamp recoveredIdentity'
    },
    bundle_verify: {
      decode: { asks: '', valid: { field: 'valid' } }
    },
    x3dh: {
      reproduce:
        'initiatorIdentityPublicKey receiverIdentityPublicKey ephemeralPublicKey signedPreKeyPublicKey dh1 dh2 dh3 sharedSecret'
    },
    dh_encryption: {
      reproduce: 'ephemeralPublicKey key payload directMessageProtocolProtobuf',
      decode: 'payload ephemeralPublicKey receiverPublicKey plaintext'
    }
  },
  'doubleratchet.json': {
    kdf_rk: {
      reproduce: 'rootKey chainKey headerKey'
    },
    kdf_ck: {
      reproduce: 'chainKey messageKey'
    },
    derive_enc_keys: {
      reproduce: 'encKey authKey iv'
    },
    dh: {
      reproduce: 'publicKey sharedSecret'
    },
    encrypt: {
      reproduce: 'ciphertext',
      decode: 'plaintext'
    },
    decrypt_invalid: {
      decode: { asks: '', valid: 'never' }
    },
    transcript: {
      reproduce:
        'bobSignedPreKeyPublic aliceInitialState bobInitialState steps[].header steps[].headerEncoded steps[].messageKey steps[].ciphertext steps[].state steps[].ok'
    }
  },
  'protocol-message.json': {
    scenario: {
      reproduce:
        'messages[].public messages[].sharedSecret messages[].partitionedTopicMode messages[].received[].ok messages[].received[].payload',
      decode: 'messages[].received[].ok messages[].received[].payload'
    }
  }
}
