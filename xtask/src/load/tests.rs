//! Against a small server of our own.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

use super::*;

struct Numbered;

impl Requests for Numbered {
    fn write(&self, number: u64, request: &mut Vec<u8>) {
        request.extend_from_slice(b"GET /");
        request.extend_from_slice(number.to_string().as_bytes());
        request.extend_from_slice(b" HTTP/1.1\r\n\r\n");
    }

    fn expected(&self) -> Expected {
        Expected {
            status: 201,
            is_replay: false,
        }
    }
}

/// A server that answers each request with what `answer` makes of its number.
fn serve(answer: fn(u64) -> String) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || answer_all(stream.unwrap(), answer));
        }
    });
    address
}

fn answer_all(mut stream: TcpStream, answer: fn(u64) -> String) {
    let mut buffer = [0; 1024];
    stream.set_nodelay(true).unwrap();
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
        let number = text[5..].split(' ').next().unwrap().parse().unwrap();
        // In two parts, as a network may cut it.
        let answer = answer(number);
        let (head, rest) = answer.split_at(20.min(answer.len()));
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(rest.as_bytes());
        if answer.is_empty() {
            return;
        }
    }
}

fn created(_: u64) -> String {
    "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}".to_owned()
}

fn send_to(answer: fn(u64) -> String, span: Span) -> Result<Tally> {
    let plan = Plan {
        address: serve(answer),
        connections: 4,
        span,
    };
    run(&plan, Numbered)
}

#[test]
fn every_answer_is_counted() {
    let tally = send_to(created, Span::Count(1000)).unwrap();
    assert_eq!((tally.answers, tally.measured), (1000, 1000));
    assert!(tally.rate() > 0.0);
    assert!(tally.latency(0.5) <= tally.latency(0.99));
}

#[test]
fn what_comes_while_warming_up_is_counted_but_not_measured() {
    let span = Span::Time {
        warm_up: Duration::from_millis(50),
        measured: Duration::from_millis(100),
    };
    let tally = send_to(created, span).unwrap();
    assert!(tally.measured > 0);
    assert!(tally.answers > tally.measured);
    assert_eq!(tally.elapsed, Duration::from_millis(100));
}

#[test]
fn another_answer_fails_the_run() {
    let some_fail = |number| match number % 10 {
        7 => "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nlate".to_owned(),
        _ => created(number),
    };
    let error = send_to(some_fail, Span::Count(100))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("90 answers were as expected (201, no replay)"),
        "{error}"
    );
    assert!(error.contains("there were 10 answers 503"), "{error}");
    assert!(error.ends_with("late"), "{error}");
}

#[test]
fn an_unexpected_replay_fails_the_run() {
    let replayed =
        |_| "HTTP/1.1 201 Created\r\nX-Accrual-Replay: x\r\nContent-Length: 0\r\n\r\n".to_owned();
    assert!(send_to(replayed, Span::Count(10)).is_err());
}

#[test]
fn a_connection_that_ends_fails_the_run() {
    let error = send_to(|_| String::new(), Span::Count(10)).unwrap_err();
    assert!(error.to_string().contains("closed a connection"), "{error}");
}
