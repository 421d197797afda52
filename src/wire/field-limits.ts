/** Bytes of one response head, and of one trailer section, that are accepted (curl's figure). */
export const MAX_HEAD_BYTES: number = 300 * 1024

/** Field lines of one head that are accepted (curl's figure). */
export const MAX_FIELD_LINES = 5000

/** Interim answers (100, 102, 103) that may come before the final one. */
export const MAX_INTERIM_HEADS = 32

/** Bytes of one chunk's size line, extensions included. */
export const MAX_CHUNK_LINE_BYTES = 4096
