/** Where a model is, as a reference says it. */
export interface ModelName {
  /**
   * Which grammar it was written in. `ollama`: namespace and model, as the ollama command reads names. `oci`: any depth
   * of folders, written with `oci://` or `docker://`.
   */
  readonly kind: 'ollama' | 'oci'
  readonly scheme: 'https' | 'http'
  /** With its port: `registry.ollama.ai`, `127.0.0.1:5000`. */
  readonly host: string
  /** What stands between `/v2/` and `/manifests/`: `library/llama3.2`. */
  readonly repository: string
  /** `latest` where neither tag nor digest is given; null with a digest alone. */
  readonly tag: string | null
  /** `sha256:` and 64 hex digits; decides where there is a tag too. */
  readonly digest: string | null
}
