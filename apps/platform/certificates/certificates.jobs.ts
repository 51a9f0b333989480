/** Wake-up; the reconciler asks for it when a certificate has expired. */
export const EXPIRE_CERTIFICATES_JOB = 'certificates.expire';
