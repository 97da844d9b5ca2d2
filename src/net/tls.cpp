#include "net/tls.hpp"

#include "base/files/files.hpp"
#include "base/text/printable.hpp"
#include "net/system_authorities.hpp"
#include "net/timed_socket.hpp"
#include "net/url.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace flowship::net {

namespace {

using Poco::Net::Context;

/// What OpenSSL's callbacks learn in the handshake that this thread is in, or was in last.
struct Handshake {
  int refusal = X509_V_OK;
  bool names_no_host = false;
  bool certificate_asked = false;
};
thread_local Handshake handshake;

int on_verified(int accepted, X509_STORE_CTX* store) {
  if (accepted != 0) return accepted;
  handshake.refusal = X509_STORE_CTX_get_error(store);
  const X509* certificate = X509_STORE_CTX_get_current_cert(store);
  handshake.names_no_host = certificate != nullptr && X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1) < 0;
  return 0;
}

int on_certificate_asked(SSL*, X509**, EVP_PKEY**) {
  handshake.certificate_asked = true;
  return 0;
}

Context::Ptr make(Context::Usage usage, const Context::Params& params) {
  Context::Ptr context = new Context(usage, params);
  context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
  // Newer Poco takes a connection that was cut for one that ended.
  SSL_CTX_clear_options(context->sslContext(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  return context;
}

TransportError lasting(const std::string& what, const std::string& hint) {
  return {what, hint, Delivery::not_sent, true};
}

TransportError untrusted(const std::string& peer) {
  const std::string certificate = "the certificate of " + peer + " ";
  const std::string trust_it = "name the authority that signed it with --ca-file, if you trust it";
  switch (handshake.refusal) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return lasting(certificate + (handshake.names_no_host ? "names no host (it has no subject alternative name)"
                                                            : "is for another host"),
                     "check the service's address; somebody may be listening in between");
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return lasting(certificate + "has expired", "check this machine's clock, then tell whoever runs the server");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return lasting(certificate + "is not valid yet", "check this machine's clock");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return lasting(certificate + "is signed by an authority that is not known here", trust_it);
    default:
      return lasting(certificate + "is not trusted: " + X509_verify_cert_error_string(handshake.refusal), trust_it);
  }
}

/// OpenSSL's reason in `error:0A000102:SSL routines::unsupported protocol`.
std::string reason_of(const Poco::Exception& error) {
  const std::string& text = error.message();
  return text.empty() ? error.displayText() : text.substr(text.rfind(':') + 1);
}

TransportError failed(const std::string& peer, const Poco::Exception& error) {
  if (handshake.refusal != X509_V_OK) return untrusted(peer);
  const std::string reason = reason_of(error);
  const auto says = [&](const char* part) { return reason.find(part) != std::string::npos; };
  if (says("unsupported protocol") || says("alert protocol version")) {
    return lasting(peer + " speaks no TLS newer than 1.1", "ask whoever runs it for TLS 1.2 or newer");
  }
  if (says("no application protocol")) return lasting(peer + " speaks HTTP/2 only", "ask whoever runs it for HTTP/1.1");
  if (handshake.certificate_asked) {
    return lasting(peer + " demands a client certificate, which flowship does not have", "check the service's address");
  }
  return {peer + " broke off the TLS handshake: " + printable(reason), "check that it speaks HTTPS at this port",
          Delivery::not_sent, false};
}

}  // namespace

Context::Ptr server_context(const std::string& certificate_file, const std::string& key_file) {
  if (certificate_file.empty() != key_file.empty()) {
    throw usage_error("a server needs both a certificate and its key", "give both files, or none");
  }
  if (certificate_file.empty()) return nullptr;
  Context::Params params;
  params.certificateFile = certificate_file;
  params.privateKeyFile = key_file;
  params.verificationMode = Context::VERIFY_NONE;
  std::string why = "they do not belong together";
  try {
    Context::Ptr context = make(Context::TLS_SERVER_USE, params);
    // OpenSSL silently drops a key that does not fit.
    if (SSL_CTX_check_private_key(context->sslContext()) == 1) return context;
  } catch (const Poco::Exception& error) {
    why = error.displayText();
  }
  throw Error("cannot use the certificate " + certificate_file + " with the key " + key_file + ": " + why,
              "give a PEM certificate (its chain after it) and the PEM key that belongs to it");
}

Context::Ptr client_context(const std::string& host, const std::string& ca_file) {
  Context::Params params;
  params.verificationMode = Context::VERIFY_STRICT;
  params.loadDefaultCAs = true;
  try {
    if (!ca_file.empty()) expect_file(ca_file);
  } catch (const Error& error) {
    throw lasting(error.message(), "name a PEM file of certificates");
  }
  params.caLocation = ca_file;
  const std::string name = without_final_dot(host);
  std::string why = "certificates for " + name + " can't be checked";
  try {
    Context::Ptr context = make(Context::TLS_CLIENT_USE, params);
    SSL_CTX* const raw = context->sslContext();
    // A file that OpenSSL can't read leaves no authority, as its own places do.
    const std::string authorities = system_authorities();
    if (!authorities.empty()) SSL_CTX_load_verify_file(raw, authorities.c_str());
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, on_verified);
    SSL_CTX_set_client_cert_cb(raw, on_certificate_asked);
    constexpr unsigned char kProtocols[] = "\x08http/1.1";
    SSL_CTX_set_alpn_protos(raw, kProtocols, sizeof kProtocols - 1);
    X509_VERIFY_PARAM* checks = SSL_CTX_get0_param(raw);
    X509_VERIFY_PARAM_set_hostflags(checks, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    const int set = is_address(name) ? X509_VERIFY_PARAM_set1_ip_asc(checks, name.c_str())
                                     : X509_VERIFY_PARAM_set1_host(checks, name.c_str(), name.size());
    if (set == 1) return context;
  } catch (const Poco::Exception& error) {
    why = error.displayText();
  }
  throw lasting("cannot use the certificate authorities in " + ca_file + ": " + why, "name a PEM file of certificates");
}

Poco::Net::StreamSocket shake_hands(const Poco::Net::StreamSocket& plain, const Context::Ptr& context,
                                    const std::string& host, const std::string& peer) {
  auto* const socket = new TimedTlsSocket(static_cast<TimedPlainSocket*>(plain.impl()), context);
  Poco::Net::StreamSocket secure(socket);
  socket->deadline = TimedSocket::of(plain).deadline;
  socket->until = TimedSocket::of(plain).until;
  handshake = {};
  try {
    socket->shake_hands(is_address(host) ? "" : without_final_dot(host));
    return secure;
  } catch (const Poco::TimeoutException&) {
    throw TransportError(peer + " did not finish the TLS handshake in time", "allow more with --connect-timeout",
                         Delivery::not_sent, false);
  } catch (const Poco::Exception& error) {
    throw failed(peer, error);
  }
}

void check_certificate_demand(const Poco::Exception& error, const std::string& peer) {
  // A server that aborts the handshake over this has read nothing that came after it.
  const std::string reason = reason_of(error);
  if (handshake.certificate_asked &&
      (reason.ends_with("alert certificate required") || reason.ends_with("alert bad certificate"))) {
    throw failed(peer, error);
  }
}

}  // namespace flowship::net
