/**
 * When a signed URL stops working, in ms since 1970, as far as its query tells: Amazon and Google (X-Amz-Date +
 * X-Amz-Expires, X-Goog-*), CloudFront and older S3 (Expires in epoch seconds), Azure (se, a date). Infinity when it
 * does not tell.
 */
export function signedUntil(url: URL): number {
  const query = url.searchParams
  for (const brand of ['X-Amz', 'X-Goog']) {
    const seconds = Number(query.get(`${brand}-Expires`))
    const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get(`${brand}-Date`) ?? '')
    if (seconds > 0 && date)
      return (
        Date.UTC(
          Number(date[1]),
          Number(date[2]) - 1,
          Number(date[3]),
          Number(date[4]),
          Number(date[5]),
          Number(date[6]),
        ) +
        seconds * 1000
      )
  }
  const epoch = Number(query.get('Expires'))
  if (query.has('Signature') && epoch > 1e9 && epoch < 1e11) return epoch * 1000
  const azure = query.has('sig') ? Date.parse(query.get('se') ?? '') : NaN
  return Number.isNaN(azure) ? Infinity : azure
}
