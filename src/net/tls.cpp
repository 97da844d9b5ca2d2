#include "net/tls.hpp"

#include "base/error.hpp"
#include "net/system_authorities.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/IPAddress.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace flowship::net {

namespace {

using Poco::Net::Context;

TlsContext share(const Context::Ptr& context) {
  return {context->sslContext(), [context](ssl_ctx_st*) {}};
}

Context::Ptr make(Context::Usage usage, const Context::Params& params) {
  Context::Ptr context = new Context(usage, params);
  context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
  // Newer Poco takes a connection that is cut for one that has ended.
  SSL_CTX_clear_options(context->sslContext(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  return context;
}

}  // namespace

TlsContext server_context(const std::string& certificate_file, const std::string& key_file) {
  Context::Params params;
  params.certificateFile = certificate_file;
  params.privateKeyFile = key_file;
  params.verificationMode = Context::VERIFY_NONE;
  params.loadDefaultCAs = false;
  const auto unusable = [&](const std::string& why) {
    return Error("cannot use the certificate " + certificate_file + " with the key " + key_file + ": " + why,
                 "give a PEM certificate (its chain after it) and the PEM key that belongs to it");
  };
  try {
    const Context::Ptr context = make(Context::TLS_SERVER_USE, params);
    // OpenSSL drops a key that does not fit without a word.
    if (SSL_CTX_check_private_key(context->sslContext()) != 1) throw unusable("they do not belong together");
    return share(context);
  } catch (const Poco::Exception& error) {
    throw unusable(error.displayText());
  }
}

TlsContext client_context(const std::string& host, const std::string& ca_file) {
  Context::Params params;
  params.verificationMode = Context::VERIFY_STRICT;
  params.verificationDepth = 9;
  params.loadDefaultCAs = true;
  params.caLocation = ca_file;
  Context::Ptr context;
  try {
    context = make(Context::TLS_CLIENT_USE, params);
  } catch (const Poco::Exception& error) {
    throw Error("cannot use the certificate authorities in " + ca_file + ": " + error.displayText(),
                "name a PEM file of certificates");
  }
  // What OpenSSL does not find by itself. A file that it can't read leaves no authority, as its own places do.
  const auto authorities = system_authorities();
  if (!authorities.empty()) SSL_CTX_load_verify_file(context->sslContext(), authorities.c_str());
  // OpenSSL then checks the name during the handshake itself, so that no time-out can skip it.
  X509_VERIFY_PARAM* checks = SSL_CTX_get0_param(context->sslContext());
  Poco::Net::IPAddress address;
  const bool set = Poco::Net::IPAddress::tryParse(host, address)
                       ? X509_VERIFY_PARAM_set1_ip_asc(checks, host.c_str()) == 1
                       : X509_VERIFY_PARAM_set1_host(checks, host.c_str(), host.size()) == 1;
  if (!set) {
    throw Error("cannot check certificates for the host " + host);
  }
  X509_VERIFY_PARAM_set_hostflags(checks, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return share(context);
}

}  // namespace flowship::net
