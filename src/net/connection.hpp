#pragma once

#include "base/clock.hpp"
#include "net/request_reader.hpp"
#include "net/server.hpp"
#include "net/stream.hpp"

#include <cstdint>
#include <string>

namespace flowship::net {

/// One connection of a server: what it reads, what it writes, and until when. Never blocks.
class Connection {
 public:
  enum class State { handshake, reading, handling, writing, draining, closed };

  Connection(Stream stream, std::string peer, const ServerOptions& options, Ticks now);

  /// Goes on as far as it can without waiting. In the state `handling` a complete request is there to be taken.
  void progress(Ticks now);
  /// Sends `bytes` as the answer, then closes or goes on with the next request.
  void answer(std::string bytes, bool close, Ticks now);
  /// Sends `bytes` before anything was read, and closes.
  void turn_away(std::string bytes, Ticks now) { answer(std::move(bytes), true, now); }
  /// Forgets what was read so far, answers with that status, and closes.
  void give_up(int status, Ticks now);
  /// The deadline has passed.
  void expire(Ticks now);
  void close() { state_ = State::closed; }

  State state() const { return state_; }
  Ticks deadline() const { return deadline_; }
  /// What to poll for; 0 while a handler runs.
  short events() const;
  /// More can be done at once, though `poll` may not show it.
  bool eager() const { return eager_; }
  /// Bytes of a request that is not complete yet.
  std::size_t held() const { return reader_.held(); }
  /// No byte of a request has come yet.
  bool idle() const { return state_ == State::reading && reader_.state() == RequestReader::State::idle; }
  Ticks since() const { return since_; }
  RequestReader& reader() { return reader_; }
  int fd() const { return stream_.fd(); }
  const std::string& peer() const { return peer_; }

 private:
  void shake_hands(Ticks now);
  void read(Ticks now);
  void write(Ticks now);
  void drain();
  void settle(RequestReader::State before, Ticks now);

  Stream stream_;
  std::string peer_;
  const ServerOptions& options_;
  RequestReader reader_;
  State state_ = State::reading;
  Io wants_ = Io::wants_read;
  Ticks deadline_;
  Ticks since_;
  std::string out_;
  std::size_t sent_ = 0;
  bool close_after_ = false;
  bool interim_ = false;
  bool eager_ = false;
};

}  // namespace flowship::net
