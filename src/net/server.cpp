#include "net/server.hpp"

#include "base/error.hpp"
#include "net/answer_writer.hpp"
#include "net/connections.hpp"
#include "net/header_syntax.hpp"
#include "net/listener.hpp"
#include "net/tls.hpp"
#include "net/worker_pool.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

namespace flowship::net {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_workers = 256;
constexpr int accepts_a_turn = 64;

Ticks now() { return std::chrono::steady_clock::now(); }

/// Null without TLS.
TlsContext context_of(const ServerOptions& options) {
  if (options.certificate_file.empty() != options.key_file.empty()) {
    throw usage_error("a server needs both a certificate and its key", "give both files, or none");
  }
  return options.certificate_file.empty() ? TlsContext() : server_context(options.certificate_file, options.key_file);
}

}  // namespace

/// One thread polls all sockets and does all reading and writing; handlers run in workers, for complete requests only,
/// and hand their bytes back. So a slow peer costs a descriptor and a buffer, never a thread.
class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler);
  ~Impl();
  std::uint16_t port() const { return listener_.port(); }
  std::string url() const;
  void stop(milliseconds grace);

 private:
  struct Finished {
    std::uint64_t id;
    std::string bytes;
    bool close;
    bool drop;
  };

  void wake();
  void run();
  bool poll_once();
  void accept_waiting();
  void take(const Poco::Net::StreamSocket& socket, const std::string& peer);
  void step(std::uint64_t id, Connection& connection);
  void handle(std::uint64_t id, Connection& connection);
  Finished work(std::uint64_t id, const IncomingRequest& request, bool keep_alive);
  void take_finished();
  int next_timeout() const;

  ServerOptions options_;
  Handler handler_;
  TlsContext context_;
  Listener listener_;
  int waker_ = -1;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> ended_{false};
  std::atomic<Ticks::rep> stop_at_{Ticks::max().time_since_epoch().count()};
  std::mutex finished_mutex_;
  std::vector<Finished> finished_;
  // The rest belongs to the poller's thread.
  Connections connections_{options_};
  std::mutex join_mutex_;
  std::unique_ptr<WorkerPool> workers_;
  std::thread poller_;
};

Server::Impl::Impl(ServerOptions options, Handler handler)
    : options_(std::move(options)),
      handler_(std::move(handler)),
      context_(context_of(options_)),
      listener_(options_.address, options_.port) {
  waker_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (waker_ < 0) {
    throw Error("cannot start to serve: no file descriptor is left");
  }
  workers_ = std::make_unique<WorkerPool>(most_workers);
  poller_ = std::thread([this] { run(); });
}

Server::Impl::~Impl() {
  stop(milliseconds(0));
  // Handlers that still run use what the owner holds, so they are waited for; their answers go nowhere.
  workers_.reset();
  ::close(waker_);
}

std::string Server::Impl::url() const {
  const bool v6 = options_.address.find(':') != std::string::npos;
  return std::string(context_ ? "https" : "http") + "://" + (v6 ? '[' + options_.address + ']' : options_.address) +
         ':' + std::to_string(port());
}

void Server::Impl::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(waker_, &one, sizeof one);
}

void Server::Impl::stop(milliseconds grace) {
  const std::lock_guard lock(join_mutex_);
  stop_at_ = (now() + grace).time_since_epoch().count();
  stopping_ = true;
  wake();
  if (poller_.joinable()) {
    poller_.join();
  }
}

void Server::Impl::run() {
  // A signal is for the program's own threads to see.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  while (poll_once()) {
  }
  connections_.clear();
  listener_.close();
}

bool Server::Impl::poll_once() {
  const bool stopping = stopping_;
  std::vector<pollfd> polled{{waker_, POLLIN, 0}};
  const bool listens = !stopping && now() >= listener_.rests_until();
  polled.push_back({listens ? listener_.fd() : -1, POLLIN, 0});
  std::vector<std::uint64_t> ids;
  for (const auto& [id, place] : connections_.all()) {
    const auto events = place.connection.events();
    polled.push_back({events == 0 ? -1 : place.connection.fd(), events, 0});
    ids.push_back(id);
  }
  ::poll(polled.data(), polled.size(), next_timeout());
  if (polled[0].revents != 0) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = ::read(waker_, &count, sizeof count);
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Connection& connection = *connections_.find(ids[i]);
    if (polled[i + 2].revents != 0 || connection.eager()) {
      step(ids[i], connection);
    }
  }
  take_finished();
  if (polled[1].revents != 0) {
    accept_waiting();
  }
  // Last, so that what closed in this turn does not wait for the next one.
  connections_.sweep(now(), stopping_);
  return !stopping_ || (!connections_.all().empty() && now().time_since_epoch().count() < stop_at_);
}

int Server::Impl::next_timeout() const {
  Ticks first = now() + std::chrono::hours(1);
  for (const auto& [id, place] : connections_.all()) {
    if (place.connection.eager()) {
      return 0;
    }
    first = std::min(first, place.connection.deadline());
  }
  if (listener_.rests_until() > now()) {
    first = std::min(first, listener_.rests_until());
  }
  if (stopping_) {
    first = std::min(first, Ticks(Ticks::duration(stop_at_.load())));
  }
  const auto wait = std::chrono::ceil<milliseconds>(first - now()).count();
  return static_cast<int>(std::max<milliseconds::rep>(wait, 0));
}

void Server::Impl::accept_waiting() {
  for (int turn = 0; turn < accepts_a_turn; ++turn) {
    const auto accepted = listener_.accept(now());
    if (!accepted) {
      return;
    }
    try {
      take(accepted->socket, accepted->peer);
    } catch (const std::exception&) {
      // This one is closed, and the next may fare better.
      continue;
    }
  }
}

void Server::Impl::take(const Poco::Net::StreamSocket& socket, const std::string& peer) {
  const Connections::Admission admission = connections_.admission(peer, now());
  const bool is_told = admission == Connections::Admission::turned_away && !context_;
  if (admission != Connections::Admission::taken && !is_told) {
    return;
  }
  Stream stream(socket);
  if (context_) {
    stream.secure(context_.get(), Stream::Side::server);
  }
  const auto id = connections_.add(Connection(std::move(stream), peer, options_, now()), admission);
  Connection& connection = *connections_.find(id);
  if (is_told) {
    connection.turn_away(refusal_bytes(503), now());
  } else {
    step(id, connection);
  }
}

void Server::Impl::step(std::uint64_t id, Connection& connection) {
  connection.progress(now());
  connections_.weigh(id);
  connections_.keep_within_memory(now());
  handle(id, connection);
}

void Server::Impl::handle(std::uint64_t id, Connection& connection) {
  if (connection.state() != Connection::State::handling) {
    return;
  }
  auto request = std::make_shared<IncomingRequest>();
  static_cast<Request&>(*request) = std::move(connection.reader().request());
  request->peer = connection.peer();
  const bool keep_alive = connection.reader().keep_alive();
  try {
    workers_->add([this, id, request, keep_alive] {
      auto finished = work(id, *request, keep_alive);
      const std::lock_guard lock(finished_mutex_);
      finished_.push_back(std::move(finished));
      wake();
    });
  } catch (const std::exception&) {
    connection.answer(refusal_bytes(503), true, now());
  }
}

Server::Impl::Finished Server::Impl::work(std::uint64_t id, const IncomingRequest& request, bool keep_alive) {
  try {
    const Answer answer = handler_(request);
    const bool close = !keep_alive || stopping_;
    return {id, answer.drop ? "" : answer_bytes(answer, request.method, close ? After::close : After::keep_alive),
            close, answer.drop};
  } catch (...) {
    return {id, refusal_bytes(500), true, false};
  }
}

void Server::Impl::take_finished() {
  std::vector<Finished> finished;
  {
    const std::lock_guard lock(finished_mutex_);
    finished.swap(finished_);
  }
  for (auto& one : finished) {
    Connection* connection = connections_.find(one.id);
    if (connection == nullptr) {
      continue;
    }
    if (one.drop) {
      connection->close();
    } else {
      connection->answer(std::move(one.bytes), one.close, now());
      connections_.weigh(one.id);
      handle(one.id, *connection);
    }
  }
}

Server::Server(ServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->port(); }
std::string Server::url() const { return impl_->url(); }
void Server::stop(milliseconds grace) { impl_->stop(grace); }

}  // namespace flowship::net
