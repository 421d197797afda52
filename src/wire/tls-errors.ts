import { SluiceError } from '../core/errors.ts'
import { codeOf, lossError } from './socket-errors.ts'

const certificateProblems: { readonly [code: string]: string } = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet (or the clock of this machine is wrong)',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'comes from an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'comes from an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'comes from an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'comes from an authority that this machine does not know, or its chain is incomplete',
  CERT_UNTRUSTED: 'comes from an authority that this machine does not trust',
  CERT_REVOKED: 'has been revoked',
  CERT_SIGNATURE_FAILURE: 'has a wrong signature',
  CERT_CHAIN_TOO_LONG: 'has a chain that is too long',
  INVALID_CA: 'comes from a certificate that is no authority',
  INVALID_PURPOSE: 'is not meant for servers',
}

/** Words for an error while TLS is set up. A reset is a lost connection, anything else a `tls` error. */
export function handshakeError(error: Error, place: string): SluiceError {
  const code = codeOf(error)
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ETIMEDOUT') {
    return new SluiceError('connection-lost', `The connection to ${place} was cut while TLS was set up.`, {
      cause: error,
    })
  }
  const problem = certificateProblems[code]
  if (problem !== undefined) return tlsError(`The certificate of ${place} ${problem}.`, error)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return tlsError(`The certificate of ${place} is for another name.`, error)
  if (speaksNoTls(code))
    return tlsError(
      `${place} does not speak TLS at this port.`,
      error,
      'If it speaks plain http, write http:// in front.',
    )
  const wireProblem = protocolProblem(code, error.message)
  if (wireProblem !== undefined) return tlsError(`${place} ${wireProblem}.`, error)
  return code.startsWith('ERR_SSL_') || code === 'EPROTO' || code.startsWith('ERR_TLS_') || code.startsWith('CERT_')
    ? tlsError(`TLS with ${place} failed: ${code}.`, error)
    : lossError(error, place)
}

/**
 * Words for an error of an established TLS connection. In TLS 1.3 the server's refusal of the handshake can come after
 * it: `answered` tells that a byte of an answer was seen, so that this is out of the question.
 */
export function tlsLossError(error: Error, place: string, answered: boolean): SluiceError {
  const isTls = codeOf(error).startsWith('ERR_SSL_')
  if (isTls && !answered) return handshakeError(error, place)
  return isTls
    ? new SluiceError('connection-lost', `The connection to ${place} was lost: a damaged TLS record came.`, {
        cause: error,
      })
    : lossError(error, place)
}

function speaksNoTls(code: string): boolean {
  return /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_LAYER_FAILURE/.test(code)
}

function protocolProblem(code: string, message: string): string | undefined {
  if (/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/.test(code)) return 'speaks only versions of TLS that are no longer safe'
  if (/HANDSHAKE_FAILURE|NO_SHARED_CIPHER|INSUFFICIENT_SECURITY/.test(code))
    return 'and this machine share no safe way to encrypt'
  if (/DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL|CA_MD_TOO_WEAK/.test(code)) return 'uses a key or signature that is too weak'
  if (/CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE/.test(code) || message.includes('certificate required')) {
    return 'asks for a client certificate'
  }
  return undefined
}

/** Without a hint that of the code stands, which speaks of certificates. */
function tlsError(sentence: string, cause: Error, hint?: string): SluiceError {
  return new SluiceError('tls', sentence, { cause, ...(hint === undefined ? {} : { hint }) })
}

/** Words for a TLS connection that ended without close_notify where only its end could end the body. */
export function cutError(place: string): SluiceError {
  return new SluiceError('connection-lost', `The connection to ${place} was cut before the body had ended properly.`)
}
