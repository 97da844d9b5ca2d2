#include "sandbox/requests.hpp"

#include "base/text/letter_case.hpp"
#include "base/text/utf8.hpp"
#include "json/assembly.hpp"
#include "sandbox/authorization.hpp"

#include <map>

namespace flowship::sandbox {

namespace {

constexpr std::size_t kMostRequests = 100'000;
constexpr std::size_t kMostBodyBytes = 128U << 20U;
/// Anything shorter is a placeholder that may appear in a body by chance.
constexpr std::size_t kShortestKey = 6;

/// `text` with every occurrence of the key replaced by `***`.
std::string with_key_masked(std::string text, const std::string& key) {
  if (key.size() < kShortestKey) return text;
  for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at)) text.replace(at, key.size(), "***");
  return text;
}

std::string key_of(std::string_view authorization_header) {
  const auto authorization = parse_authorization(authorization_header);
  return authorization ? authorization->key.reveal() : std::string();
}

}  // namespace

std::string without_key(const net::IncomingRequest& request, const std::string& text) {
  return with_key_masked(valid_utf8(text), key_of(request.headers.find("Authorization").value_or("")));
}

std::int64_t RequestLog::add(const net::IncomingRequest& request) {
  const std::string header = request.headers.find("Authorization").value_or("");
  const std::string key = key_of(header);
  const auto clean = [&](const std::string& text) { return with_key_masked(valid_utf8(text), key); };
  Entry entry;
  entry.method = clean(request.method);
  entry.path = clean(request.target);
  entry.authorization = masked(header);
  entry.body = clean(request.body);
  for (const auto& [name, value] : request.headers.fields()) {
    const std::string known = lower_case(name);
    if (known == "authorization" || known == "proxy-authorization" || known == "cookie") continue;
    entry.headers.emplace_back(clean(known), clean(value));
  }
  const std::lock_guard lock(mutex_);
  entry.number = ++last_;
  body_bytes_ += entry.body.size();
  entries_.push_back(std::move(entry));
  trim();
  return last_;
}

void RequestLog::trim() {
  while (entries_.size() > kMostRequests) {
    body_bytes_ -= entries_.front().body.size();
    entries_.pop_front();
  }
  for (auto entry = entries_.begin(); body_bytes_ > kMostBodyBytes && entry != entries_.end(); ++entry) {
    body_bytes_ -= entry->body.size();
    entry->body = std::string();
    entry->has_body = false;
  }
}

RequestLog::Entry* RequestLog::find(std::int64_t number) {
  // Numbers in the log are consecutive.
  if (entries_.empty() || number < entries_.front().number || number > entries_.back().number) return nullptr;
  return &entries_[static_cast<std::size_t>(number - entries_.front().number)];
}

void RequestLog::set_flow(std::int64_t number, const std::string& flow_id) {
  const std::lock_guard lock(mutex_);
  if (Entry* entry = find(number)) entry->flow_id = flow_id;
}

void RequestLog::set_status(std::int64_t number, int status) {
  const std::lock_guard lock(mutex_);
  if (Entry* entry = find(number)) entry->status = status;
}

void RequestLog::clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  body_bytes_ = 0;
}

std::string RequestLog::to_json() const {
  const auto entry_member = [](const Entry& entry) {
    std::map<std::string, std::string> joined;
    for (const auto& [name, value] : entry.headers) {
      std::string& all = joined[name];
      all += all.empty() ? value : ", " + value;
    }
    std::vector<json::NamedText> headers;
    for (const auto& [name, value] : joined) headers.push_back({name, value});
    return json::object({{"number", entry.number},
                         {"method", entry.method},
                         {"path", entry.path},
                         {"authorization", json::string_or_null(entry.authorization)},
                         {"headers", json::object(headers)},
                         {"flowId", json::string_or_null(entry.flow_id)},
                         {"status", entry.status == 0 ? json::Text() : json::Text(entry.status)},
                         {"body", entry.has_body ? json::Text(entry.body) : json::Text()}});
  };
  const std::lock_guard lock(mutex_);
  std::string text = "[";
  for (const Entry& entry : entries_) text += (text.size() > 1 ? ",\n" : "\n") + entry_member(entry).text();
  return text + "\n]\n";
}

}  // namespace flowship::sandbox
