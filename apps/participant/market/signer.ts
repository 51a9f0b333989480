/** Who signs orders and delivery statements: the enrolled participant and its Ed25519 private key (PKCS#8, hex). */
export interface Signer {
  readonly participantId: string;
  readonly privateKey: string;
}

/** What the functions here need of the platform's client. */
export interface GraphqlClient {
  request<T>(query: string, variables: Record<string, unknown>): Promise<T>;
}
