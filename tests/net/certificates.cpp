#include "net/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace flowship::net::test {

namespace {

void expect(bool done) {
  if (!done) throw std::runtime_error("cannot make a certificate for the test");
}

std::shared_ptr<EVP_PKEY> new_key() {
  std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  expect(key != nullptr);
  return key;
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  expect(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

/// Signed by `issuer_key`; without an issuer, by itself.
std::shared_ptr<X509> make(const std::string& subject, const Claims& claims, bool authority, EVP_PKEY* key,
                           X509* issuer, EVP_PKEY* issuer_key, int serial) {
  std::shared_ptr<X509> made(X509_new(), X509_free);
  X509* certificate = made.get();
  expect(X509_set_version(certificate, 2) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), claims.valid_since_seconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate), claims.valid_seconds);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
  X509* signer = issuer == nullptr ? certificate : issuer;
  expect(X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1);
  expect(X509_set_pubkey(certificate, key) == 1);
  extend(certificate, signer, NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE");
  if (!claims.names.empty()) extend(certificate, signer, NID_subject_alt_name, claims.names);
  expect(X509_sign(certificate, issuer_key, EVP_sha256()) > 0);
  return made;
}

template <typename Write>
void write_file(const std::string& path, Write write) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  expect(file != nullptr);
  const bool written = write(file) == 1;
  expect(std::fclose(file) == 0 && written);
}

}  // namespace

CertificateAuthority::CertificateAuthority(const std::string& name) : key_(new_key()) {
  directory_ = (std::filesystem::temp_directory_path() / "flowship-certificates-XXXXXX").string();
  expect(::mkdtemp(directory_.data()) != nullptr);
  certificate_ = make(name, {}, true, key_.get(), nullptr, key_.get(), 1);
  file_ = write(certificate_, key_).certificate;
}

CertificateAuthority::~CertificateAuthority() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

CertificateFiles CertificateAuthority::issue(const Claims& claims) {
  const auto key = new_key();
  return write(make(claims.common_name, claims, false, key.get(), certificate_.get(), key_.get(), count_ + 2), key);
}

CertificateFiles CertificateAuthority::self_signed(const Claims& claims) {
  const auto key = new_key();
  return write(make(claims.common_name, claims, false, key.get(), nullptr, key.get(), count_ + 2), key);
}

CertificateFiles CertificateAuthority::write(const Certificate& certificate, const Key& key) {
  const std::string stem = directory_ + '/' + std::to_string(++count_);
  CertificateFiles files{stem + ".pem", stem + ".key"};
  write_file(files.certificate, [&](std::FILE* file) { return PEM_write_X509(file, certificate.get()); });
  write_file(files.key, [&](std::FILE* file) {
    return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return files;
}

}  // namespace flowship::net::test
