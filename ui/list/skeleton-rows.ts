/** A list whose rows are all on their way, for the time before the first answer. */
export const skeletonRows = {
  total: 6,
  idAt: (): undefined => undefined,
  ensure: (): void => undefined,
}
