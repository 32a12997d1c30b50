/** What one HTTP server of the process bears. Its clients are kubelets, scrapers and people: few, and small in what they ask. */
export const HTTP_LIMITS = {
  /** Beyond, connections are closed at once. */
  maxConnections: 100,
  maxRequestsPerConnection: 1_000,
  /** Of request line and headers together; beyond, the connection is closed. */
  maxHeaderOctets: 8_192,
  /** From the first octet of a request to its last. */
  requestTimeoutMs: 5_000,
  /** Between two requests. */
  idleTimeoutMs: 5_000,
  /** Without an octet either way while a request is answered. The longest profile takes 60 s. */
  silenceTimeoutMs: 70_000,
  /** How often the first of these are looked at. */
  checkIntervalMs: 1_000,
} as const
