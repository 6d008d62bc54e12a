// Test a client with the wire vectors: go run . FOLDER_OF_THE_VECTORS [LEVEL]
//
// Written from the README of the vectors, with the standard library only. LEVEL is core (the default), lenient or
// policy: each includes the ones before it.
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
)

var levels = []string{"core", "lenient", "policy"}

type vector struct {
	ID        string
	Level     string
	Operation string
	Tests     []string
	Arguments map[string]any
	Settings  json.RawMessage
	Exchanges []exchange
	Expect    map[string]any
}

type exchange struct {
	Request struct {
		Method, Target string
		Headers        map[string]string
		Body           *string
		Multipart      *struct {
			Name     *string
			Filename string
		}
	}
	Response struct {
		Head             []string
		Body, BodyBase64 *string
		Then             string
	}
}

type file struct {
	name    string
	content []byte
}

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 || len(os.Args) == 3 && !slices.Contains(levels, os.Args[2]) {
		log.Fatal("usage: go run . FOLDER_OF_THE_VECTORS [core|lenient|policy]")
	}
	wanted := levels[:1]
	if len(os.Args) == 3 {
		wanted = levels[:slices.Index(levels, os.Args[2])+1]
	}
	paths, _ := filepath.Glob(filepath.Join(os.Args[1], "*.json"))
	passed, failed := 0, 0
	for _, path := range paths {
		for _, vector := range read(path) {
			if !slices.Contains(vector.Tests, "client") || !slices.Contains(wanted, vector.Level) {
				continue
			}
			if difference := run(vector); difference != "" {
				fmt.Printf("FAILED %s: %s\n", vector.ID, difference)
				failed++
			} else {
				passed++
			}
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}

func read(path string) []vector {
	content, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	var document struct{ Vectors []vector }
	if err := json.Unmarshal(content, &document); err != nil {
		log.Fatalf("%s: %v", path, err)
	}
	for index := range document.Vectors {
		if document.Vectors[index].Level == "" {
			document.Vectors[index].Level = "core"
		}
	}
	return document.Vectors
}

// run makes the call of a vector, and returns how the outcome or the requests differ.
func run(vector vector) string {
	fileName := "file"
	settings := settings{PartName: &fileName}
	if vector.Settings != nil && json.Unmarshal(vector.Settings, &settings) != nil {
		return "unknown settings"
	}
	for name, value := range vector.Arguments {
		if fields, isObject := value.(map[string]any); isObject && name == "file" {
			vector.Arguments[name] = decodeFile(fields)
		}
	}
	server := serve(vector.Exchanges)
	result, err := newClient(server.url, settings).call(vector.Operation, vector.Arguments)
	requests := server.stop()

	if outcome := outcomeOf(vector.Operation, result, err); !hasOutcome(vector.Expect, outcome) {
		return fmt.Sprintf("%v, not %v", outcome, vector.Expect)
	}
	if len(requests) != len(vector.Exchanges) {
		return fmt.Sprintf("%d requests, not %d", len(requests), len(vector.Exchanges))
	}
	for index, request := range requests {
		if difference := compare(vector.Exchanges[index], request, vector.Arguments); difference != "" {
			return difference
		}
	}
	return ""
}

func decodeFile(fields map[string]any) file {
	name, _ := fields["name"].(string)
	text, _ := fields["text"].(string)
	if encoded, isBinary := fields["base64"].(string); isBinary {
		content, _ := base64.StdEncoding.DecodeString(encoded)
		return file{name, content}
	}
	return file{name, []byte(text)}
}

// outcomeOf describes the result of a call in the terms of the vectors.
func outcomeOf(operation string, result any, err error) any {
	var failure deviceError
	var invalid invalidAnswer
	outcome := map[string]any{}
	switch {
	case errors.As(err, &failure):
		outcome["error"] = map[string]any{"kind": "device", "code": failure.Code}
	case errors.As(err, &invalid):
		outcome["error"] = map[string]any{"kind": "invalid-answer", "status": invalid.Status}
	case errors.As(err, &answerLost{}):
		outcome["error"] = map[string]any{"kind": "lost"}
	case errors.As(err, &invalidInput{}):
		outcome["error"] = map[string]any{"kind": "input"}
	case err != nil:
		outcome["error"] = err.Error()
	default:
		outcome["result"] = result
	}
	if content, isBinary := result.([]byte); isBinary {
		digest := sha256.Sum256(content)
		return asJSON(map[string]any{"bytes": map[string]any{"length": len(content), "sha256": hex.EncodeToString(digest[:])}})
	}
	if fields, isStatus := result.(status); isStatus && err == nil {
		end := map[string]float64{"getBackupStatus": 3, "getRestoreStatus": 4}[operation]
		outcome["over"] = *fields.Status == 0 || *fields.Status >= end // A12
	}
	return asJSON(outcome)
}

func asJSON(value any) (generic any) {
	text, err := json.Marshal(value)
	if err != nil || json.Unmarshal(text, &generic) != nil {
		log.Fatalf("%v is not JSON", value)
	}
	return generic
}

// hasOutcome compares an outcome with the expected one. The result can have more members.
func hasOutcome(expected map[string]any, got any) bool {
	if failure, isError := expected["error"].(map[string]any); isError {
		// A client can look these up in the catalog of error codes.
		for _, name := range []string{"name", "category", "retryable"} {
			delete(failure, name)
		}
	}
	outcome, isObject := got.(map[string]any)
	return isObject && len(outcome) == len(expected) && !slices.ContainsFunc(slices.Collect(maps.Keys(expected)), func(name string) bool {
		value, isPresent := outcome[name]
		return !isPresent || !matches(expected[name], value)
	})
}

func matches(expected, got any) bool {
	switch expected := expected.(type) {
	case map[string]any:
		if expected["$any"] == "string" {
			_, isText := got.(string)
			return isText
		}
		if choices, isChoice := expected["$in"].([]any); isChoice {
			return slices.ContainsFunc(choices, func(choice any) bool { return matches(choice, got) })
		}
		fields, isObject := got.(map[string]any)
		for name, value := range expected {
			isObject = isObject && matches(value, fields[name])
		}
		return isObject
	case []any:
		values, isList := got.([]any)
		return isList && slices.EqualFunc(expected, values, matches)
	}
	return reflect.DeepEqual(expected, got)
}

type request struct {
	method, target string
	header         http.Header
	body           []byte
}

type server struct {
	url       string
	listener  net.Listener
	exchanges []exchange
	lock      sync.Mutex
	requests  []request
	sockets   []net.Conn
}

// serve sends the response of the next exchange for each request, on any connection.
func serve(exchanges []exchange) *server {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := &server{url: "http://" + listener.Addr().String(), listener: listener, exchanges: exchanges}
	go func() {
		for {
			socket, err := listener.Accept()
			if err != nil {
				return
			}
			server.lock.Lock()
			server.sockets = append(server.sockets, socket)
			server.lock.Unlock()
			go server.answer(socket)
		}
	}()
	return server
}

func (s *server) answer(socket net.Conn) {
	defer socket.Close()
	reader := bufio.NewReader(socket)
	for {
		received, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		body, _ := io.ReadAll(received.Body)
		s.lock.Lock()
		number := len(s.requests)
		s.requests = append(s.requests, request{received.Method, received.RequestURI, received.Header, body})
		if received.ContentLength >= 0 {
			received.Header.Set("Content-Length", fmt.Sprint(received.ContentLength))
		}
		s.lock.Unlock()
		if number >= len(s.exchanges) {
			return
		}
		response := s.exchanges[number].Response
		if response.Head != nil {
			io.WriteString(socket, strings.Join(append(slices.Clone(response.Head), "", ""), "\r\n"))
		}
		if response.Body != nil {
			io.WriteString(socket, *response.Body)
		}
		if response.BodyBase64 != nil {
			content, _ := base64.StdEncoding.DecodeString(*response.BodyBase64)
			socket.Write(content)
		}
		if response.Then == "close" {
			return
		}
	}
}

func (s *server) stop() []request {
	s.listener.Close()
	s.lock.Lock()
	defer s.lock.Unlock()
	for _, socket := range s.sockets {
		socket.Close()
	}
	return s.requests
}

// compare returns how a request differs from the expected one.
func compare(expected exchange, got request, arguments map[string]any) string {
	wanted := expected.Request
	if got.method != wanted.Method || got.target != wanted.Target {
		return fmt.Sprintf("%s %s, not %s %s", got.method, got.target, wanted.Method, wanted.Target)
	}
	for name, value := range wanted.Headers {
		actual, _, _ := strings.Cut(got.header.Get(name), ";")
		if value, _, _ := strings.Cut(value, ";"); actual != value {
			return fmt.Sprintf("%s: %s, not %s", name, actual, value)
		}
	}
	switch {
	case wanted.Multipart != nil:
		return compareForm(expected, got, arguments["file"].(file))
	case wanted.Body != nil:
		var left, right any
		if json.Unmarshal([]byte(*wanted.Body), &left) != nil || json.Unmarshal(got.body, &right) != nil || !reflect.DeepEqual(left, right) {
			return fmt.Sprintf("the body %s, not %s", got.body, *wanted.Body)
		}
	case len(got.body) > 0:
		return fmt.Sprintf("the body %s, not an empty one", got.body)
	}
	return ""
}

func compareForm(expected exchange, got request, upload file) string {
	_, parameters, err := mime.ParseMediaType(got.header.Get("Content-Type"))
	if err != nil {
		return err.Error()
	}
	part, err := multipart.NewReader(strings.NewReader(string(got.body)), parameters["boundary"]).NextRawPart()
	if err != nil {
		return err.Error()
	}
	content, _ := io.ReadAll(part)
	_, fields, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	name, hasName := fields["name"]
	form := expected.Request.Multipart
	if err != nil || hasName != (form.Name != nil) || hasName && name != *form.Name || fields["filename"] != form.Filename {
		return fmt.Sprintf("the part %v", fields)
	}
	if string(content) != string(upload.content) {
		return "the part has another content"
	}
	return ""
}
